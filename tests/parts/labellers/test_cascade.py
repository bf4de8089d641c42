"""Cascade: a dear teacher corrects the best candidates of a cheap one."""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import Cascade, Score, SourceIsRelevant
from acclimate.parts.labellers.cascade import corrected, highest
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeScorer

CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "abcd")
QUERIES = Queries.of({"query_id": q, "text": q, "split": "train"} for q in ("q", "r"))
CANDIDATES = Candidates.of(
    {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": r == 1, "miner": "m"}
    for q in ("q", "r")
    for r, d in enumerate("abcd", 1)
)
STUDENT = Student(encoder=cast(Dense, FakeEncoder()))


@dataclass(frozen=True, kw_only=True)
class Says:
    """A labeller with a value for each document; it remembers what it was asked."""

    values: dict[str, float]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, candidates: Candidates) -> Labels:
        rows = [r for r in candidates.dicts() if r["doc_id"] in self.values]
        self.asked.extend((r["query_id"], r["doc_id"]) for r in candidates.dicts())
        return Labels.of(
            {
                "query_id": r["query_id"],
                "doc_id": r["doc_id"],
                "value": self.values[r["doc_id"]],
                "teacher": "t",
            }
            for r in rows
        )


CHEAP = Says(values={"a": 4.0, "b": 2.0, "c": 1.0, "d": 0.0})


def run(part: Cascade) -> tuple[dict[tuple[str, str], float], Context]:
    ctx = Context(engine=FakeEngine())
    labels = part(CORPUS, QUERIES, CANDIDATES, STUDENT, ctx)
    keys = zip(labels["query_id"], labels["doc_id"], strict=True)
    return dict(zip(keys, labels["value"], strict=True)), ctx


def test_only_the_best_of_the_cheap_teacher_are_read_by_the_dear_one() -> None:
    dear = Says(values=dict.fromkeys("abcd", 1.0))
    _, ctx = run(Cascade(first=CHEAP, then=dear, depth=2))
    assert sorted(dear.asked) == [("q", "a"), ("q", "b"), ("r", "a"), ("r", "b")]
    assert ctx.notes["cascade"]["pairs"] == 8
    assert ctx.notes["cascade"]["read by the second"] == 4


def test_the_dear_values_come_in_the_units_of_the_cheap_ones() -> None:
    """Cheap 4 and 2: mean 3, spread 1. Dear 10 and 30 are −1 and +1: 2 and 4; halved, 3 and 3."""
    dear = Says(values={"a": 10.0, "b": 30.0})
    whole, ctx = run(Cascade(first=CHEAP, then=dear, depth=2, weight=1.0))
    assert [whole["q", d] for d in "abcd"] == pytest.approx([2.0, 4.0, 1.0, 0.0])
    assert ctx.notes["cascade"]["queries with another first"] == 2
    half, _ = run(Cascade(first=CHEAP, then=dear, depth=2, weight=0.5))
    assert [half["q", d] for d in "abcd"] == pytest.approx([3.0, 3.0, 1.0, 0.0])


def test_a_dear_teacher_that_holds_all_alike_or_is_silent_changes_nothing() -> None:
    for values in (dict.fromkeys("abcd", 7.0), {}):
        made, _ = run(Cascade(first=CHEAP, then=Says(values=values), depth=3))
        assert [made["r", d] for d in "abcd"] == [4.0, 2.0, 1.0, 0.0]


def test_what_the_cheap_teacher_leaves_out_stays_out() -> None:
    cheap = Says(values={"a": 4.0, "b": 2.0})
    dear = Says(values=dict.fromkeys("abcd", 1.0))
    made, _ = run(Cascade(first=cheap, then=dear, depth=4))
    assert {d for _, d in made} == {"a", "b"}
    assert {d for _, d in dear.asked} == {"a", "b"}


def test_the_highest_are_found_and_ties_fall_to_the_first() -> None:
    values = np.array([[1.0, 3.0, 3.0, np.nan], [np.nan, np.nan, 5.0, np.nan]])
    wanted = [[False, True, False, False], [False, False, True, False]]
    assert highest(values, 1).tolist() == wanted
    assert highest(values, 9).tolist() == np.isfinite(values).tolist()


def test_mean_and_spread_of_what_is_corrected_are_kept() -> None:
    rng = np.random.default_rng(3)
    cheap, dear = rng.normal(size=(5, 8)), rng.normal(10, 4, size=(5, 8))
    made = corrected(cheap, dear, 1.0)
    np.testing.assert_allclose(made.mean(axis=1), cheap.mean(axis=1), atol=1e-5)
    np.testing.assert_allclose(made.std(axis=1), cheap.std(axis=1), atol=1e-5)
    assert (made.argsort(axis=1) == dear.argsort(axis=1)).all()


@pytest.mark.parametrize("settings", [{"depth": 1}, {"weight": 0.0}, {"weight": 1.5}])
def test_a_second_teacher_that_is_not_heard_is_refused(settings) -> None:
    with pytest.raises(RecipeError, match="the second teacher compares"):
        Cascade(first=CHEAP, then=CHEAP, **settings)


def test_it_obeys_the_laws_of_labellers() -> None:
    part = Cascade(first=SourceIsRelevant(), then=Score(teacher=FakeScorer()))
    behaviour.check_all(part, folder="labellers")
