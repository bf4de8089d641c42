"""Any document store, through Haystack's protocol: in memory, a real Qdrant, Chroma, pgvector."""

import importlib.util
import itertools
import runpy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from haystack import Document, Pipeline, component
from haystack.components.retrievers import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import Secret

from acclimate.parts import miners
from acclimate.testing.fakes import FakeEncoder
from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever
from haystack_integrations.components.retrievers.qdrant import QdrantEmbeddingRetriever
from haystack_integrations.components.training.acclimate import NegativeMiner
from haystack_integrations.document_stores.chroma import ChromaDocumentStore
from haystack_integrations.document_stores.qdrant import QdrantDocumentStore

pytestmark = pytest.mark.integration

COLLECTIONS = itertools.count()
ADDRESS = "PG_CONN_STR"
QUESTION = {"question": "tyre wheel hole patch", "document": "the brakes", "document_id": "brakes"}


@component
class Embedder:
    """Haystack's embedders, with acclimate's fake encoder."""

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, Any]:
        """Embed."""
        return {"embedding": FakeEncoder().encode([text], kind="query")[0].tolist()}


def in_memory(_: pytest.FixtureRequest) -> tuple[Any, Any]:
    store = InMemoryDocumentStore(shared=False, embedding_similarity_function="cosine")
    return store, InMemoryEmbeddingRetriever(store)


def qdrant(_: pytest.FixtureRequest) -> tuple[Any, Any]:
    store = QdrantDocumentStore(":memory:", embedding_dim=256, recreate_index=True)
    return store, QdrantEmbeddingRetriever(store)


def chroma(_: pytest.FixtureRequest) -> tuple[Any, Any]:
    name = f"store-{next(COLLECTIONS)}"  # collections in memory are shared by the process
    store = ChromaDocumentStore(collection_name=name, distance_function="cosine")
    return store, ChromaEmbeddingRetriever(store)


def pgvector(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    request.getfixturevalue("postgres")
    from haystack_integrations.components.retrievers.pgvector import PgvectorEmbeddingRetriever
    from haystack_integrations.document_stores.pgvector import PgvectorDocumentStore

    name = f"store_{next(COLLECTIONS)}"
    store = PgvectorDocumentStore(
        connection_string=Secret.from_env_var(ADDRESS), table_name=name, embedding_dimension=256,
        keyword_index_name=f"{name}_words",
    )  # fmt: skip
    request.addfinalizer(store.close)
    return store, PgvectorEmbeddingRetriever(document_store=store)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL that these tests start; skipped where it cannot be installed."""
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("pgvector-haystack is not installed; the dev extra brings it")
    with runpy.run_path(str(Path(__file__).with_name("postgres.py")))["served"]() as address:
        yield address


@pytest.fixture
def postgres(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store finds it: a saved pipeline names the variable, never the address."""
    monkeypatch.setenv(ADDRESS, server)


@pytest.fixture(params=[in_memory, qdrant, chroma, pgvector])
def filled(request: pytest.FixtureRequest, documents: list[Document]) -> tuple[Any, Any]:
    """A store with the toy documents, and a retriever that searches it by vectors."""
    store, retriever = request.param(request)
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
