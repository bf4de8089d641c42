"""StepByStep: picks that know what was picked. [047] [051]"""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders import MultiVector
from acclimate.models.student import Student
from acclimate.parts.miners import RandomDocuments, StepByStep, WithStudent
from acclimate.parts.miners.step_by_step import picked
from acclimate.parts.part import Context
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

QUERY = np.array([[1.0, 0.0]])
DOCUMENTS = np.array([[1.0, 0.0], [0.98, 0.2], [0.6, 0.8]])
EVERY = np.array([[0, 1, 2]])


def test_without_a_state_the_nearest_are_picked_in_order() -> None:
    assert picked(QUERY, DOCUMENTS, EVERY, 2, None).tolist() == [[1, 1 / 2, 0]]


def test_a_state_that_turns_away_picks_what_is_different() -> None:
    """[051] After (1, 0) it searches with (1, 0) − (1, 0) + …: W = −I and the near copy loses."""
    turned = np.array([[-1.0, 0.0], [0.5, 0.0]])
    assert picked(QUERY, DOCUMENTS, EVERY, 2, turned).tolist() == [[1, 0, 1 / 2]]


def test_the_order_of_what_was_picked_counts_by_the_state_alone() -> None:
    """[047] The mean of two is the same in both orders."""
    from acclimate.models.encoders.state import searches

    turned = -np.eye(2)
    one, other = (searches(QUERY, DOCUMENTS, np.array([p]), turned) for p in ([0, 1], [1, 0]))
    assert np.allclose(one, other)


def test_fewer_candidates_than_picks_are_all_picked() -> None:
    assert picked(QUERY, DOCUMENTS, np.array([[2, -1]]), 4, None).tolist() == [[1, 0]]


def test_it_ranks_by_picks_and_puts_the_source_last() -> None:
    student, ctx = Student(encoder=FakeEncoder()), Context(engine=FakeEngine())  # type: ignore[arg-type]
    queries = toys.WRITTEN.head(2)
    plain = WithStudent(depth=3)(toys.CORPUS, queries, student, ctx)
    made = StepByStep(miner=WithStudent(depth=3), picks=2)(toys.CORPUS, queries, student, ctx)
    for query in queries["query_id"]:
        of_plain = plain.where("query_id", [query])
        nearest = [
            d for d, s in zip(of_plain["doc_id"], of_plain["is_source"], strict=True) if not s
        ]
        own = made.where("query_id", [query])
        assert own["doc_id"][:2] == nearest[:2]
        assert own["score"] == [1.0, 0.5, 0.0]
        assert own["is_source"] == [False, False, True]
        assert own["rank"] == [1, 2, 3]


def test_models_without_one_vector_and_no_picks_are_refused() -> None:
    with pytest.raises(RecipeError, match="picks=0"):
        StepByStep(picks=0)
    student, ctx = Student(encoder=MultiVector("none")), Context(engine=FakeEngine())
    with pytest.raises(RecipeError, match="one vector per text"):
        StepByStep(miner=RandomDocuments())(toys.CORPUS, toys.WRITTEN, student, ctx)
