"""Topics: like queries share a number. Shows [019]'s batches of one topic."""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.filters import Topics
from acclimate.parts.filters.topics import neighbourhoods
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine


def test_a_topic_is_a_query_and_its_nearest_neighbours() -> None:
    """Directions 0°, 10°, 20° and 90°, 100°, 110°; the first in order is 10°."""
    angles = np.deg2rad([0, 90, 10, 100, 20, 110])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    topics = neighbourhoods(vectors, np.array([2, 1, 0, 3, 4, 5]), size=3, among=6)
    assert topics.tolist() == [0, 1, 0, 1, 0, 1]


def test_neighbours_are_sought_among_the_first_that_wait() -> None:
    """[019] draws from a cluster: here from a window; 20° waits outside it and is not seen."""
    angles = np.deg2rad([10, 90, 100, 20])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert neighbourhoods(vectors, np.arange(4), size=2, among=2).tolist() == [0, 0, 1, 1]
    assert neighbourhoods(vectors, np.arange(4), size=2, among=4).tolist() == [0, 1, 1, 0]


def test_every_query_has_one_topic_and_only_the_last_is_smaller() -> None:
    vectors = np.random.default_rng(0).normal(size=(103, 4)).astype(np.float32)
    topics = neighbourhoods(vectors, np.random.default_rng(1).permutation(103), size=10, among=25)
    assert np.bincount(topics).tolist() == [10] * 10 + [3]


def told(queries: Queries, **settings: int) -> list[int | None]:
    things = samples.things()
    student: Student = things[Student]
    return Topics(**settings)(queries, student, Context(seed=1, engine=FakeEngine()))["topic"]


def test_held_out_queries_have_none() -> None:
    queries = Queries.joined([toys.WRITTEN.head(4), toys.QUERIES.head(2)])
    topics = told(queries, size=2)
    assert sorted(topics[:4], key=str) == [0, 0, 1, 1]
    assert topics[4:] == [None, None]


def test_the_order_of_rows_does_not_matter() -> None:
    turned = toys.WRITTEN.take(np.arange(len(toys.WRITTEN))[::-1])
    assert told(toys.WRITTEN, size=3) == told(turned, size=3)[::-1]


def test_topics_of_nothing_are_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        Topics(size=0)
