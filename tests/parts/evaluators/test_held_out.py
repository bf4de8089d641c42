"""HeldOut: what a teacher says of the systems, on held-out queries."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.evaluators import HeldOut
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels, Queries, Scores
from acclimate.testing import behaviour, toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=cast(Dense, FakeEncoder(salt="a")), base=cast(Dense, FakeEncoder()))
HELD = Queries.of(row | {"split": "heldout"} for row in toys.WRITTEN.dicts())


@dataclass(frozen=True, kw_only=True)
class OwnDocument:
    """Values the document a query was written from by 1, others 0, and counts what it is asked."""

    def __call__(self, candidates: Candidates) -> Labels:
        return Labels.columns(
            query_id=candidates["query_id"],
            doc_id=candidates["doc_id"],
            value=candidates.array("is_source").astype("float32"),
            teacher=["own"] * len(candidates),
        )


def run(queries: Queries, **settings: int) -> tuple[Scores, Context]:
    ctx = Context(engine=FakeEngine())
    part = HeldOut(judge=OwnDocument(), **settings)
    return part(toys.CORPUS, queries, STUDENT, ctx), ctx


def mean(scores: Scores, system: str, measure: str) -> float:
    rows = scores.where("system", [system]).where("measure", [measure])
    return float(np.mean(rows["value"]))


def test_systems_that_put_the_source_first_score_one() -> None:
    scores, _ = run(HELD)
    for system in ("BM25", "base", "adapted", "base+BM25", "adapted+BM25"):
        assert mean(scores, system, "RR@10") == 1.0
        assert mean(scores, system, "R@100") == 1.0
        # The others of its ten gain a little, as they are a few deviations below only.
        assert mean(scores, system, "judged nDCG@10") > 0.98


def test_the_judge_sees_the_first_of_every_system_and_the_source() -> None:
    """With a pool of one, all systems agree on the source: one pair per query."""
    _, ctx = run(HELD, pool=1)
    assert ctx.notes["judged pairs"] == 12


def test_queries_that_train_are_not_looked_at() -> None:
    both = Queries.joined([HELD.head(2), toys.WRITTEN.where("query_id", ["w-moon"])])
    scores, _ = run(both)
    assert set(scores["query_id"]) == set(HELD.head(2)["query_id"])


def test_queries_without_a_source_have_no_round_trip() -> None:
    scores, _ = run(toys.QUERIES)
    assert set(scores["measure"]) == {"judged nDCG@10"}
    assert len(scores) == 5 * 6


def test_a_pool_deeper_than_the_results_is_refused() -> None:
    with pytest.raises(RecipeError, match="at most the depth"):
        HeldOut(judge=OwnDocument(), pool=11, depth=10)


def test_it_obeys_the_laws_of_evaluators() -> None:
    behaviour.check_all(HeldOut(judge=OwnDocument()), folder="evaluators")
