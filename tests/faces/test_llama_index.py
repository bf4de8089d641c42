"""LlamaIndex, for real: its nodes in, adapted models out as its embedding and postprocessor."""

import asyncio

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import (
    Document,
    NodeRelationship,
    NodeWithScore,
    RelatedNodeInfo,
    TextNode,
)

from acclimate.engines.served import Served
from acclimate.faces.llama_index import AdaptedEmbedding, AdaptedReranker
from acclimate.tables import Corpus
from acclimate.testing import toys

NODES = [TextNode(id_=row["doc_id"], text=row["text"]) for row in toys.CORPUS.dicts()]


def test_nodes_are_a_corpus_and_name_the_document_they_were_cut_from() -> None:
    whole = RelatedNodeInfo(node_id="book")
    piece = TextNode(id_="p", text="One.", relationships={NodeRelationship.SOURCE: whole})
    corpus = Corpus.read([*NODES, piece, Document(doc_id="d", text="Two.")])
    assert corpus["doc_id"] == [*toys.CORPUS["doc_id"], "p", "d"]
    assert corpus["parent_id"] == [None] * 12 + ["book", None]
    assert corpus["text"][:12] == toys.CORPUS["text"]


@pytest.mark.integration
def test_an_index_finds_what_the_model_finds(encoder: str) -> None:
    embedding = AdaptedEmbedding(encoder, device="cpu")
    retriever = VectorStoreIndex(NODES, embed_model=embedding).as_retriever(similarity_top_k=1)
    for node in NODES[:3]:
        (found,) = retriever.retrieve(node.text)
        assert found.node.node_id == node.node_id


@pytest.mark.integration
def test_a_query_passes_its_own_way_in_a_thread_too(encoder: str) -> None:
    embedding = AdaptedEmbedding(encoder, device="cpu", embed_batch_size=3)
    embedding._served._opened.model.prompts["query"] = "glue: "
    query = embedding.get_query_embedding("a wheel")
    document = embedding.get_text_embedding("a wheel")
    assert query == embedding.get_text_embedding("glue: a wheel")
    assert query != document
    assert asyncio.run(embedding.aget_query_embedding("a wheel")) == query
    assert embedding.get_text_embedding_batch(["a wheel", "glue"])[0] == pytest.approx(document)


@pytest.mark.integration
def test_the_reranker_keeps_the_best_with_its_scores(scorer: str) -> None:
    nodes = [NodeWithScore(node=node, score=0.5) for node in NODES]
    best = Served(scorer, "cpu").best("glue", [n.text for n in NODES], 2)
    reranker = AdaptedReranker(model=scorer, top_n=2, device="cpu")
    kept = reranker.postprocess_nodes(nodes, query_str="glue")
    assert [n.node.node_id for n in kept] == [NODES[row].node_id for row, _ in best]
    assert [n.score for n in kept] == pytest.approx([score for _, score in best])
    assert {n.score for n in nodes} == {0.5}
