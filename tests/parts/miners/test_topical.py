"""Topical: queries of one topic share what each brings. Shows [019]'s labels of whole batches."""

from dataclasses import dataclass

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners import Topical
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEncoder

CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "abcdefgh")
STUDENT: Student = samples.things()[Student]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A miner whose answer is known: query → its documents, best first, its source among them."""

    lists: tuple[tuple[str, str], ...]

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
        return Candidates.of(
            {
                "query_id": query, "doc_id": doc, "rank": rank, "score": 1 / rank,
                "is_source": source[query] == doc, "miner": "known",
            }
            for query, docs in self.lists
            for rank, doc in enumerate(docs, 1)
        )  # fmt: skip


def queries(**topics: int | None) -> Queries:
    return Queries.of(
        {"query_id": q, "text": q, "source_doc_id": s, "split": "train", "topic": topics[q]}
        for q, s in (("p", "a"), ("q", "c"), ("r", "e"))
    )


def shared(asked: Queries, *, each: int, among: int = 20, seed: int = 0) -> Candidates:
    miner = Found(lists=(("p", "abg"), ("q", "dcb"), ("r", "efh")))
    part = Topical(miner=miner, each=each, among=among)
    return part(CORPUS, asked, STUDENT, Context(seed=seed))


def lists(found: Candidates) -> dict[str, str]:
    told: dict[str, str] = {}
    for row in found.dicts():
        told[row["query_id"]] = told.get(row["query_id"], "") + row["doc_id"]
    return told


def test_a_query_has_what_its_topic_brings_its_own_finds_first() -> None:
    """[019] p brings a and b, q brings c and d: both have all four, each in its own order."""
    found = shared(queries(p=1, q=1, r=2), each=2, among=1)
    assert lists(found) == {"p": "abcd", "q": "dcba", "r": "ef"}
    marked = [(r["query_id"], r["doc_id"]) for r in found.dicts() if r["is_source"]]
    assert marked == [("p", "a"), ("q", "c"), ("r", "e")]


def test_what_others_bring_says_so_and_has_no_score() -> None:
    found = shared(queries(p=1, q=1, r=2), each=2, among=1)
    told = [(r["doc_id"], r["miner"], round(r["score"], 2)) for r in found.dicts()]
    assert told[:4] == [
        ("a", "known", 1.0), ("b", "known", 0.5), ("c", "topic", 0.0), ("d", "topic", 0.0),
    ]  # fmt: skip


def test_a_document_found_but_not_drawn_counts_as_found_when_another_brings_it() -> None:
    """q found b third and does not draw it (among=1); p brings it."""
    found = shared(queries(p=1, q=1, r=2), each=2, among=1).where("query_id", ["q"])
    row = next(r for r in found.dicts() if r["doc_id"] == "b")
    assert (row["miner"], row["rank"]) == ("known", 3)


def test_a_query_without_topic_has_its_own_only() -> None:
    assert lists(shared(queries(p=None, q=None, r=None), each=2, among=1)) == {
        "p": "ab", "q": "dc", "r": "ef",
    }  # fmt: skip


def test_each_bounds_what_a_query_brings_and_the_source_counts() -> None:
    assert lists(shared(queries(p=1, q=2, r=3), each=1)) == {"p": "a", "q": "c", "r": "e"}
    assert {k: len(v) for k, v in lists(shared(queries(p=1, q=2, r=3), each=9)).items()} == {
        "p": 3, "q": 3, "r": 3,
    }  # fmt: skip


def test_the_first_rank_is_drawn_twice_as_often_as_the_second() -> None:
    """Chances 1 : ½, so ⅔ of the draws of one are of the first."""
    drawn = [lists(shared(queries(p=1, q=2, r=3), each=2, seed=s))["p"][1] for s in range(300)]
    assert drawn.count("b") / 300 == pytest.approx(2 / 3, abs=0.08)


def test_a_student_that_has_learned_draws_anew() -> None:
    """Rounds do not bring the same documents again and again."""
    part = Topical(miner=Found(lists=(("p", "abdefgh"), ("q", "cabdefgh"))), each=4)
    learned = STUDENT.trained(FakeEncoder(salt="learned"))
    asked = queries(p=1, q=2, r=3)
    first, again, later = (
        lists(part(CORPUS, asked, student, Context())) for student in (STUDENT, STUDENT, learned)
    )
    assert first == again != later


def test_to_draw_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        Topical(miner=Found(lists=()), each=0)
