"""SameParent: no other pieces of the source's parent."""

from acclimate.parts.filters import SameParent
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries

CORPUS = Corpus.of(
    [
        {"doc_id": "a1", "title": "", "text": "x", "parent_id": "a"},
        {"doc_id": "a2", "title": "", "text": "x", "parent_id": "a"},
        {"doc_id": "a", "title": "", "text": "x"},
        {"doc_id": "b1", "title": "", "text": "x", "parent_id": "b"},
        {"doc_id": "c", "title": "", "text": "x"},
    ]
)
QUERIES = Queries.of(
    [
        {"query_id": "from a1", "text": "?", "source_doc_id": "a1", "split": "train"},
        {"query_id": "from c", "text": "?", "source_doc_id": "c", "split": "train"},
        {"query_id": "log", "text": "?", "split": "train"},
    ]
)
SOURCES = dict(zip(QUERIES["query_id"], QUERIES["source_doc_id"], strict=True))
FOUND = Candidates.of(
    {
        "query_id": q,
        "doc_id": d,
        "rank": rank,
        "score": 0.0,
        "is_source": d == SOURCES[q],
        "miner": "m",
    }
    for q in QUERIES["query_id"]
    for rank, d in enumerate(CORPUS["doc_id"], 1)
)


def test_pieces_of_the_sources_parent_and_the_parent_itself_go():
    ctx = Context()
    kept = SameParent()(CORPUS, QUERIES, FOUND, ctx)
    assert kept.where("query_id", ["from a1"])["doc_id"] == ["a1", "b1", "c"]
    assert ctx.notes["dropped"] == {"pieces of the source's parent": 2}


def test_documents_that_are_whole_and_queries_of_people_lose_nothing():
    kept = SameParent()(CORPUS, QUERIES, FOUND, Context())
    assert kept.where("query_id", ["from c"])["doc_id"] == CORPUS["doc_id"]
    assert kept.where("query_id", ["log"])["doc_id"] == CORPUS["doc_id"]


def test_rows_are_unchanged():
    kept = SameParent()(CORPUS, QUERIES, FOUND, Context())
    assert kept.where("query_id", ["from a1"])["rank"] == [1, 4, 5]
