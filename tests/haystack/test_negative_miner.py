"""NegativeMiner: close documents that are not the question's own. Row [P1]."""

import asyncio
import copy
from dataclasses import replace
from typing import Any

import pytest
from haystack import Document, component
from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from acclimate.errors import RecipeError, TableError
from acclimate.parts import miners
from acclimate.testing.fakes import FakeEncoder
from haystack_integrations.components.training.acclimate import NegativeMiner

QUESTIONS = [
    {"question": "wheel tyre pads", "document": "the brakes", "document_id": "brakes"},
    {"question": "sun water", "document": "the tides", "document_id": "tides"},
]


@component
class FakeEmbedder:
    """Haystack's embedders, with acclimate's fake encoder."""

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, Any]:
        """Embed."""
        return {"embedding": FakeEncoder().encode([text], kind="query")[0].tolist()}


def ids(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["pos_doc_id"], row["neg_doc_id"]) for row in found["negatives"]]


def test_a_retriever_searches_and_its_hits_become_negatives(retriever: Any) -> None:
    found = NegativeMiner(retriever, top_k=1).run(QUESTIONS[:1])
    (row,) = found["negatives"]
    assert (row["question"], row["pos_doc"]) == ("wheel tyre pads", "the brakes")
    assert row["neg_doc_id"] == "puncture"
    assert row["neg_doc"].startswith("Take the tyre off the wheel")
    assert row["miner"] == "InMemoryBM25Retriever"
    assert isinstance(row["retriever_score"], float)
    assert found["stats"]["negatives"] == 1


def test_the_own_document_is_never_a_negative_whatever_its_rank(store: Any) -> None:
    top = InMemoryBM25Retriever(store).run("tyre wheel", top_k=1)["documents"][0]
    question = {"question": "tyre wheel", "document": top.content, "document_id": top.id}
    found = NegativeMiner(InMemoryBM25Retriever(store), top_k=3, negatives_per_question=9).run(
        [question]
    )
    assert found["negatives"]
    assert top.id not in {row["neg_doc_id"] for row in found["negatives"]}


def test_a_document_with_the_same_text_under_another_id_is_never_a_negative() -> None:
    """[P1]"""
    store = InMemoryDocumentStore(shared=False)
    texts = {"a": "Warm milk.", "b": "Warm  milk", "c": "cold milk"}
    store.write_documents([Document(id=i, content=t) for i, t in texts.items()])
    question = {"question": "milk", "document": "Warm milk.", "document_id": "a"}
    found = NegativeMiner(InMemoryBM25Retriever(store), negatives_per_question=5).run([question])
    assert ids(found) == [("a", "c")]
    assert found["stats"]["copies of the document left out"] == 1


def test_an_embedding_retriever_searches_with_the_embedder(documents: list[Document]) -> None:
    store = InMemoryDocumentStore(shared=False)
    vectors = FakeEncoder().encode([d.content or "" for d in documents], kind="document")
    embedded = zip(documents, vectors.tolist(), strict=True)
    store.write_documents([replace(document, embedding=v) for document, v in embedded])
    miner = NegativeMiner(InMemoryEmbeddingRetriever(store), text_embedder=FakeEmbedder(), top_k=1)
    assert ids(miner.run([{**QUESTIONS[0], "question": "tyre wheel hole patch"}])) == [
        ("brakes", "puncture")
    ]


def test_an_embedding_retriever_without_an_embedder_is_refused(store: Any) -> None:
    with pytest.raises(RecipeError, match=r"Give NegativeMiner\(text_embedder=…\)"):
        NegativeMiner(InMemoryEmbeddingRetriever(store))


def test_a_miner_searches_the_documents_it_gets(documents: list[Document]) -> None:
    found = NegativeMiner(miners.BM25(depth=2), negatives_per_question=2).run(QUESTIONS, documents)
    assert {p for p, _ in ids(found)} == {"brakes", "tides"}
    assert all(own != other for own, other in ids(found))
    assert {row["miner"] for row in found["negatives"]} == {"bm25"}


def test_a_miner_searches_a_document_store_where_it_gets_none(
    store: Any, documents: list[Document]
) -> None:
    given = NegativeMiner(miners.BM25(depth=2)).run(QUESTIONS, documents)
    stored = NegativeMiner(miners.BM25(depth=2), document_store=store).run(QUESTIONS)
    assert ids(stored) == ids(given)


def test_a_miner_that_needs_the_student_says_so() -> None:
    with pytest.raises(RecipeError, match=r"Give NegativeMiner\(student=…\)"):
        NegativeMiner(miners.WithStudent())


def test_a_question_without_an_id_is_of_the_document_with_its_text(
    documents: list[Document],
) -> None:
    question = {"question": "tyre wheel", "document": documents[5].content}
    (row,) = NegativeMiner(miners.BM25(depth=1)).run([question], documents)["negatives"]
    assert row["pos_doc_id"] == "puncture"


def test_held_out_questions_are_left_alone(retriever: Any) -> None:
    held = {**QUESTIONS[1], "split": "heldout"}
    assert {p for p, _ in ids(NegativeMiner(retriever).run([QUESTIONS[0], held]))} == {"brakes"}


def test_nothing_asked_or_nothing_found_gives_nothing_and_says_so(retriever: Any) -> None:
    assert NegativeMiner(retriever).run([])["negatives"] == []
    assert NegativeMiner().run([])["negatives"] == []
    alone = NegativeMiner().run(QUESTIONS[:1])
    assert alone["negatives"] == []
    assert alone["stats"]["without a negative"] == 1


def test_a_row_without_a_text_is_named() -> None:
    with pytest.raises(TableError, match="Question 1 needs a text under 'document'; there is None"):
        NegativeMiner().run([QUESTIONS[0], {"question": "why"}])
    with pytest.raises(TableError, match="Did you mean 'documents'"):
        NegativeMiner().run([{"question": "why", "documents": "x"}])


def test_run_and_run_async_are_alike_and_change_nothing_that_comes_in(
    retriever: Any, documents: list[Document]
) -> None:
    questions, before = copy.deepcopy(QUESTIONS), copy.deepcopy(documents)
    found = NegativeMiner(retriever, top_k=5).run(questions, documents)
    later = NegativeMiner(retriever, top_k=5).run_async(questions, documents)
    assert asyncio.run(later) == found
    assert (questions, documents) == (QUESTIONS, before)
