"""BM25: documents that share words with a query."""

from acclimate.models import indexes
from acclimate.parts.miners import BM25
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine


def mined(part, corpus=toys.CORPUS, queries=toys.WRITTEN):
    return part(corpus, queries, Context(engine=FakeEngine()))


def test_every_toy_question_finds_its_answer_first():
    found = mined(BM25(depth=3), queries=toys.QUERIES)
    first = found.where("rank", [1])
    answers = toys.QRELS.where("grade", [2])
    hits = sum(a == b for a, b in zip(first["doc_id"], answers["doc_id"], strict=True))
    assert hits == 6


def test_documents_that_share_no_word_are_not_found_but_the_source_is():
    corpus = Corpus.of(
        {"doc_id": d, "title": "", "text": t}
        for d, t in (("a", "warm milk"), ("b", "cold milk"), ("c", "rice"), ("d", "bread"))
    )
    queries = Queries.of(
        [{"query_id": "q", "text": "milk", "source_doc_id": "c", "split": "train"}]
    )
    found = mined(BM25(), corpus, queries)
    assert found["doc_id"] == ["a", "b", "c"]
    assert found["is_source"] == [False, False, True]
    assert found["score"][2] == 0


def test_the_source_does_not_count_towards_the_depth():
    found = mined(BM25(depth=2))
    others = found.where("is_source", [False])
    assert max(others["query_id"].count(q) for q in toys.WRITTEN["query_id"]) == 2
    assert sum(found["is_source"]) == 12


def test_the_settings_of_the_index_are_used():
    plain = mined(BM25(depth=5))
    short = mined(BM25(depth=5, index=indexes.BM25(b=1.0)))
    assert plain["score"] != short["score"]
    assert set(plain["miner"]) == {"bm25"}
