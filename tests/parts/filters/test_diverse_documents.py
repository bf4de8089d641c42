"""DiverseDocuments: clusters take turns."""

from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts._hashing import hashes
from acclimate.parts.filters import DiverseDocuments
from acclimate.parts.filters.diverse_documents import coverage, grouped, nearer_first
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing.fakes import FakeEncoder, FakeEngine

SUBJECTS = {"rice pot": 90, "moon tide": 8, "brake oil": 2}
CORPUS = Corpus.of(
    {"doc_id": f"{name}-{n}", "title": "", "text": name}
    for name, count in SUBJECTS.items()
    for n in range(count)
)
STUDENT = Student(encoder=cast(Dense, FakeEncoder()))


def drawn(at_most: int, clusters: int = 3) -> tuple[list[str], dict]:
    ctx = Context(engine=FakeEngine())
    kept = DiverseDocuments(at_most=at_most, clusters=clusters)(CORPUS, STUDENT, ctx)
    return kept["doc_id"], ctx.notes


def test_clusters_are_what_is_near() -> None:
    axes = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 0, 0]]
    group = grouped(axes, np.arange(8), 3)
    assert group.tolist() == [0, 1, 2, 0, 1, 2, 0, 0]


def test_rare_subjects_are_drawn_as_often_while_there_are_some() -> None:
    """As many clusters as documents, so that each of the three subjects has its own."""
    names, notes = drawn(12, clusters=100)
    counts = [sum(i.startswith(name) for i in names) for name in SUBJECTS]
    assert counts == [5, 5, 2]
    assert notes["dropped"] == {"not drawn": 88}


def test_a_larger_sample_holds_the_smaller_in_the_order_of_the_corpus() -> None:
    few, many = drawn(5)[0], drawn(20)[0]
    assert set(few) < set(many)
    assert many == [i for i in CORPUS["doc_id"] if i in many]


def test_the_curve_says_how_near_the_nearest_drawn_document_is() -> None:
    """Two axes, two documents each: one drawn covers half, two drawn on one axis no more."""
    axes = np.eye(2, dtype=np.float32)[[0, 0, 1, 1]]
    found = coverage(axes, np.array([0, 2]), np.array([0, 1, 2, 3]))
    assert found == {"documents": [1.0, 2.0], "diverse": [0.5, 1.0], "even": [0.5, 0.5]}


def test_a_small_corpus_stays_whole() -> None:
    assert drawn(100)[0] == CORPUS["doc_id"]
    assert drawn(100)[1] == {"dropped": {"not drawn": 0}}


def test_an_empty_corpus_is_refused() -> None:
    with pytest.raises(RecipeError, match="give 1 or more"):
        DiverseDocuments(clusters=0)


def test_with_a_temperature_documents_near_the_centre_come_first_as_softmax_says():
    """The centre of (1, 0), (1, 0) and (0, 1) is (2, 1) / √5; the draw depends on ids alone."""
    axes = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    cosines = np.array([2, 2, 1]) / np.sqrt(5)
    expected = np.exp(cosines / 0.25) / np.exp(cosines / 0.25).sum()
    group = np.zeros(3, dtype=np.int64)
    first = [
        nearer_first(axes, group, hashes(["a", "b", "c"], salt), 0.25)[0] for salt in range(2_000)
    ]
    shares = np.bincount(first, minlength=3) / len(first)
    assert shares == pytest.approx(expected, abs=0.03)


def test_a_temperature_that_divides_by_nothing_is_refused():
    with pytest.raises(RecipeError, match="above 0"):
        DiverseDocuments(temperature=0.0)
