"""Any document store, through Haystack's protocol: in memory, and a real Qdrant and Chroma."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from haystack import Document, Pipeline, component
from haystack.components.retrievers import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from acclimate.parts import miners
from acclimate.testing.fakes import FakeEncoder
from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever
from haystack_integrations.components.retrievers.qdrant import QdrantEmbeddingRetriever
from haystack_integrations.components.training.acclimate import NegativeMiner
from haystack_integrations.document_stores.chroma import ChromaDocumentStore
from haystack_integrations.document_stores.qdrant import QdrantDocumentStore

pytestmark = pytest.mark.integration

COLLECTIONS = itertools.count()
QUESTION = {"question": "tyre wheel hole patch", "document": "the brakes", "document_id": "brakes"}


@component
class Embedder:
    """Haystack's embedders, with acclimate's fake encoder."""

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, Any]:
        """Embed."""
        return {"embedding": FakeEncoder().encode([text], kind="query")[0].tolist()}


def in_memory() -> tuple[Any, Any]:
    store = InMemoryDocumentStore(shared=False, embedding_similarity_function="cosine")
    return store, InMemoryEmbeddingRetriever(store)


def qdrant() -> tuple[Any, Any]:
    store = QdrantDocumentStore(":memory:", embedding_dim=256, recreate_index=True)
    return store, QdrantEmbeddingRetriever(store)


def chroma() -> tuple[Any, Any]:
    name = f"store-{next(COLLECTIONS)}"  # collections in memory are shared by the process
    store = ChromaDocumentStore(collection_name=name, distance_function="cosine")
    return store, ChromaEmbeddingRetriever(store)


@pytest.fixture(params=[in_memory, qdrant, chroma])
def filled(request: pytest.FixtureRequest, documents: list[Document]) -> tuple[Any, Any]:
    """A store with the toy documents, and a retriever that searches it by vectors."""
    store, retriever = request.param()
    vectors = FakeEncoder().encode([d.content or "" for d in documents], kind="document")
    embedded = zip(documents, vectors.tolist(), strict=True)
    store.write_documents([replace(document, embedding=v) for document, v in embedded])
    return store, retriever


def test_a_retriever_of_the_store_mines(filled: tuple[Any, Any]) -> None:
    miner = NegativeMiner(filled[1], text_embedder=Embedder(), top_k=1)
    (row,) = miner.run([QUESTION])["negatives"]
    assert row["neg_doc_id"] == "puncture"
    assert row["neg_doc"].startswith("Take the tyre off the wheel")


def test_a_miner_reads_the_stores_documents(filled: tuple[Any, Any]) -> None:
    miner = NegativeMiner(miners.BM25(depth=1), document_store=filled[0])
    (row,) = miner.run([QUESTION])["negatives"]
    assert row["neg_doc_id"] == "puncture"


def test_a_pipeline_with_the_store_is_saved_and_loaded(filled: tuple[Any, Any]) -> None:
    pipeline = Pipeline()
    pipeline.add_component("miner", NegativeMiner(document_store=filled[0]))
    text = pipeline.dumps()
    assert Pipeline.loads(text).dumps() == text
