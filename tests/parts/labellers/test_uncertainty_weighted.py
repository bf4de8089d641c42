"""UncertaintyWeighted: unsure teachers teach small differences."""

from dataclasses import dataclass
from math import exp, log
from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import Ensemble, Score, SourceIsRelevant, UncertaintyWeighted
from acclimate.parts.labellers.uncertainty_weighted import clarity
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeScorer

CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "abcd")
QUERIES = Queries.of({"query_id": q, "text": q, "split": "train"} for q in ("q", "r"))
FOUND = Candidates.of(
    {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
    for q in ("q", "r")
    for r, d in enumerate("abcd", 1)
)
STUDENT = Student(encoder=cast(Dense, FakeEncoder()))


@dataclass(frozen=True, kw_only=True)
class Says:
    """A labeller with given values of q's and of r's four candidates."""

    values: tuple[float, ...]

    def __call__(self, candidates: Candidates) -> Labels:
        return Labels.of(
            {"query_id": row["query_id"], "doc_id": row["doc_id"], "value": v, "teacher": "t"}
            for row, v in zip(candidates.dicts(), self.values, strict=True)
        )


ONE = Says(values=(3.0, 1.0, 1.0, 1.0, 4.0, 3.0, 2.0, 1.0))


def values(part: UncertaintyWeighted | Ensemble) -> np.ndarray:
    """(queries, candidates)."""
    labels = part(CORPUS, QUERIES, FOUND, STUDENT, Context(engine=FakeEngine()))
    return labels.array("value").reshape(2, 4)


def test_one_document_that_stands_out_is_clearer_than_a_ladder() -> None:
    """Of like deviations, 1.732 and three of −0.577 against four steps of 0.894."""
    weights = values(UncertaintyWeighted(labellers=(ONE,))) / values(Ensemble(labellers=(ONE,)))
    assert weights.std(axis=1) == pytest.approx([0, 0], abs=1e-6)  # one weight for each query
    out, ladder = weights[:, 0]
    high, low = exp(3**0.5 / 0.5), exp(-(3**-0.5) / 0.5)
    share = np.array([high, low, low, low]) / (high + 3 * low)
    assert out == pytest.approx(1 + (share * np.log(share)).sum() / log(4), rel=1e-5)
    assert out > ladder > 0


def test_teachers_that_disagree_weigh_by_their_correlation() -> None:
    """On q the two correlate by −1/3, which counts as 0; on r by 0.8."""
    other = Says(values=(1.0, 3.0, 1.0, 1.0, 4.0, 2.0, 3.0, 1.0))
    part = UncertaintyWeighted(labellers=(ONE, other))
    made, plain = values(part), values(Ensemble(labellers=(ONE, other)))
    assert made[0] == pytest.approx([0, 0, 0, 0])
    sure = clarity(plain[1:] / 0.5, np.ones((1, 4), dtype=bool))[0]
    assert made[1] == pytest.approx(0.8 * sure * plain[1], rel=1e-5)


def test_clarity_is_0_of_equals_and_1_of_one_that_takes_all() -> None:
    mask = np.array([[True, True, False], [True, True, False], [True, False, False]])
    logits = np.array([[2.0, 2.0, 9.0], [90.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    assert clarity(logits, mask) == pytest.approx([0, 1, 0], abs=1e-6)


def test_settings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(RecipeError, match="a weight above 0 for each"):
        UncertaintyWeighted(labellers=())
    with pytest.raises(RecipeError, match="must be above 0"):
        UncertaintyWeighted(labellers=(ONE,), temperature=0.0)


def test_it_obeys_the_laws_of_labellers() -> None:
    part = UncertaintyWeighted(labellers=(SourceIsRelevant(), Score(teacher=FakeScorer())))
    behaviour.check_all(part, folder="labellers")
