"""SameText: no copies of the source under another id. [P1]"""

from acclimate.parts.filters import SameText
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries

CORPUS = Corpus.of(
    [
        {"doc_id": "a", "title": "Milk", "text": "Keep it warm."},
        {"doc_id": "copy", "title": "milk", "text": "keep it  warm"},
        {"doc_id": "other", "title": "Rice", "text": "Keep it warm."},
    ]
)
QUERIES = Queries.of(
    [
        {"query_id": "q", "text": "?", "source_doc_id": "a", "split": "train"},
        {"query_id": "log", "text": "?", "split": "train"},
    ]
)
FOUND = Candidates.of(
    {
        "query_id": q,
        "doc_id": d,
        "rank": rank,
        "score": 0.0,
        "is_source": (q, d) == ("q", "a"),
        "miner": "m",
    }
    for q in ("q", "log")
    for rank, d in enumerate(CORPUS["doc_id"], 1)
)


def test_documents_of_the_same_content_and_another_id_are_no_negatives():
    ctx = Context()
    kept = SameText()(CORPUS, QUERIES, FOUND, ctx)
    assert kept.where("query_id", ["q"])["doc_id"] == ["a", "other"]
    assert ctx.notes["dropped"] == {"copies of the source": 1}


def test_queries_of_people_lose_nothing():
    assert len(SameText()(CORPUS, QUERIES, FOUND, Context()).where("query_id", ["log"])) == 3
