"""Ensemble: teachers agree, or say nothing."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import Ensemble, LateInteraction, Score, SourceIsRelevant
from acclimate.parts.labellers.ensemble import agreement_of
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour, samples
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeScorer

CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "abc")
QUERIES = Queries.of({"query_id": q, "text": q, "split": "train"} for q in ("q", "r"))
CANDIDATES = Candidates.of(
    {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": r == 1, "miner": "m"}
    for q in ("q", "r")
    for r, d in enumerate("abc", 1)
)
STUDENT = Student(encoder=cast(Dense, FakeEncoder()))
Values = tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Says:
    """A labeller with given values; None is silence."""

    values: Values

    def __call__(self, candidates: Candidates) -> Labels:
        return Labels.of(
            {"query_id": row["query_id"], "doc_id": row["doc_id"], "value": v, "teacher": "t"}
            for row, v in zip(candidates.dicts(), self.values, strict=True)
            if v is not None
        )


UP = Says(values=(1.0, 2.0, 3.0, 1.0, 2.0, 3.0))


def run(part: Ensemble) -> tuple[dict[tuple[str, str], float], Context]:
    ctx = Context(engine=FakeEngine())
    labels = part(CORPUS, QUERIES, CANDIDATES, STUDENT, ctx)
    keys = zip(labels["query_id"], labels["doc_id"], strict=True)
    return dict(zip(keys, labels["value"], strict=True)), ctx


def test_the_mean_is_weighted_and_in_deviations() -> None:
    """(1, 2, 3) is (−1.2247, 0, 1.2247); another says (10, 30, 20): (−1.2247, 1.2247, 0)."""
    other = Says(values=(10.0, 30.0, 20.0) * 2)
    made, _ = run(Ensemble(labellers=(UP, other), weights=(3.0, 1.0)))
    assert made["q", "a"] == pytest.approx(-1.224745, abs=1e-5)
    assert made["q", "b"] == pytest.approx(0.25 * 1.224745, abs=1e-5)
    assert made["q", "c"] == pytest.approx(0.75 * 1.224745, abs=1e-5)


def test_queries_on_which_teachers_disagree_are_left_out() -> None:
    """They agree on q (correlation 1) and say opposite things of r (−1)."""
    other = Says(values=(1.0, 2.0, 3.0, 3.0, 2.0, 1.0))
    made, ctx = run(Ensemble(labellers=(UP, other), agreement=0.5))
    assert {query for query, _ in made} == {"q"}
    assert ctx.notes["ensemble"] == {"agreement": 0.0, "left out by a member": 0, "abstained": 3}


def test_single_pairs_on_which_teachers_disagree_are_left_out() -> None:
    """On r the ends differ by 2.45 deviations, the middle agrees."""
    other = Says(values=(1.0, 2.0, 3.0, 3.0, 2.0, 1.0))
    made, _ = run(Ensemble(labellers=(UP, other), abstention=2.0))
    assert sorted(made) == [("q", "a"), ("q", "b"), ("q", "c"), ("r", "b")]


def test_what_one_teacher_leaves_out_is_left_out() -> None:
    other = Says(values=(1.0, None, 3.0, 1.0, 2.0, 3.0))
    made, ctx = run(Ensemble(labellers=(UP, other)))
    assert ("q", "b") not in made
    assert made["q", "a"] == pytest.approx(-1)  # of two values, −1 and 1
    assert ctx.notes["ensemble"]["left out by a member"] == 1


def test_members_of_any_kind_are_called_alike() -> None:
    part = Ensemble(labellers=(SourceIsRelevant(), Score(teacher=FakeScorer()), LateInteraction()))
    things = samples.things()
    labels = part(
        things[Corpus], things[Queries], things[Candidates], STUDENT, Context(engine=FakeEngine())
    )
    assert labels["doc_id"] == things[Candidates]["doc_id"]


def test_agreement_is_the_mean_correlation_of_two_members() -> None:
    """Correlations 1, −1 and −1 of three members: −1/3."""
    up, down = np.array([-1.0, 1.0]), np.array([1.0, -1.0])
    members = np.stack([up, up, down])[:, None]
    assert agreement_of(members, np.ones((1, 2), dtype=bool)) == pytest.approx(-1 / 3)
    assert agreement_of(members[:1], np.ones((1, 2), dtype=bool)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("labellers", "weights"), [((), None), ((UP,), (1.0, 2.0)), ((UP,), (0.0,))]
)
def test_weights_that_do_not_fit_are_refused(labellers: tuple, weights: tuple | None) -> None:
    with pytest.raises(RecipeError, match="a weight above 0 for each"):
        Ensemble(labellers=labellers, weights=weights)


def test_it_obeys_the_laws_of_labellers() -> None:
    part = Ensemble(labellers=(SourceIsRelevant(), Score(teacher=FakeScorer())), agreement=0.0)
    behaviour.check_all(part, folder="labellers")
