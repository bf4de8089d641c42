"""Union: what several miners found, each document once. [P1]"""

from dataclasses import dataclass

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners import BM25, DenseSearch, RandomDocuments, Union, WithStudent
from acclimate.parts.part import Context, needs
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "sabcde")
QUERIES = Queries.of([{"query_id": "q", "text": "?", "source_doc_id": "s", "split": "train"}])
STUDENT = Student(encoder=FakeEncoder())


@dataclass(frozen=True, kw_only=True)
class Finds:
    """A miner that finds the documents of a word, in its order."""

    word: str
    name: str = "m"

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        ctx.note("mined", {"word": self.word})
        return Candidates.of(
            {
                "query_id": q,
                "doc_id": d,
                "rank": rank,
                "score": -rank,
                "is_source": d == "s",
                "miner": self.name,
            }
            for q in queries["query_id"]
            for rank, d in enumerate(self.word, 1)
        )


def joined(*members, **settings):
    ctx = Context(engine=FakeEngine())
    return Union(members, **settings)(CORPUS, QUERIES, STUDENT, ctx), ctx


def test_a_document_found_by_two_is_there_once_with_the_sum_of_reciprocal_ranks():
    found, _ = joined(Finds(word="abs"), Finds(word="bsc", name="n"))
    scores = {r["doc_id"]: r["score"] for r in found.dicts()}
    assert scores["a"] == pytest.approx(1 / 61)
    assert scores["b"] == pytest.approx(1 / 62 + 1 / 61)
    assert scores["s"] == pytest.approx(1 / 63 + 1 / 62)
    assert scores["c"] == pytest.approx(1 / 63)
    assert found["doc_id"] == ["b", "s", "a", "c"]
    assert found["rank"] == [1, 2, 3, 4]


def test_provenance_names_all_that_found_it_and_numbers_equal_names():
    found, _ = joined(Finds(word="as"), Finds(word="sb", name="n"), Finds(word="as"))
    assert dict(zip(found["doc_id"], found["miner"], strict=True)) == {
        "a": "m+m2",
        "s": "m+n+m2",
        "b": "n",
    }


def test_quotas_count_the_best_others_and_keep_the_source():
    found, _ = joined(Finds(word="abcs"), Finds(word="sde", name="n"), quotas=(2, 1))
    assert sorted(found["doc_id"]) == ["a", "b", "d", "s"]
    assert sum(found["is_source"]) == 1


def test_a_quota_of_zero_keeps_the_source_alone():
    found, _ = joined(Finds(word="abs"), quotas=(0,))
    assert found["doc_id"] == ["s"]


def test_ties_go_to_the_earlier_member():
    found, _ = joined(Finds(word="as"), Finds(word="bs", name="n"))
    assert found["doc_id"] == ["s", "a", "b"]


def test_random_documents_come_last():
    found, _ = joined(Finds(word="abs"), RandomDocuments(count=5))
    last = found["doc_id"][3:]
    assert found["doc_id"][:3] == ["a", "b", "s"]
    assert set(found["miner"][3:]) == {"random"}
    assert set(last) == {"c", "d", "e"}


def test_the_note_says_what_each_miner_brought_alone():
    _, ctx = joined(Finds(word="abs"), Finds(word="bsc", name="n"))
    assert ctx.notes["miners"] == [
        {"miner": "m", "word": "abs", "only here": 1},
        {"miner": "n", "word": "bsc", "only here": 1},
    ]


def test_members_that_need_the_student_get_it():
    ctx = Context(engine=FakeEngine())
    union = Union(
        (BM25(depth=3), WithStudent(depth=3), DenseSearch(encoder=FakeEncoder(), depth=3))
    )
    found = union(toys.CORPUS, toys.WRITTEN, STUDENT, ctx)
    assert needs(union)["student"] is Student
    sources = found.where("is_source", [True])
    assert sources["doc_id"] == toys.WRITTEN["source_doc_id"]
    assert {m for name in found["miner"] for m in name.split("+")} == {"bm25", "student", "dense"}


def test_many_queries_are_joined_in_blocks(monkeypatch):
    union = Union((BM25(depth=4), DenseSearch(encoder=FakeEncoder(), depth=4)))
    ctx = Context(engine=FakeEngine())
    whole = union(toys.CORPUS, toys.WRITTEN, STUDENT, ctx)
    monkeypatch.setattr("acclimate.parts.miners.union._QUERIES_AT_ONCE", 5)
    assert union(toys.CORPUS, toys.WRITTEN, STUDENT, ctx).digest == whole.digest


def test_no_queries_give_no_candidates():
    union = Union((Finds(word="ab"),))
    assert len(union(CORPUS, Queries.empty(), STUDENT, Context(engine=FakeEngine()))) == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"members": ()}, "no members"), ({"quotas": (1,)}, "2 members and 1 quotas")],
)
def test_quotas_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(RecipeError, match=message):
        Union(**settings)
