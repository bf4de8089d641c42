"""Rated: the best, worst and source's value of each query, teacher by teacher."""

import numpy as np

from acclimate.parts._rated import rated
from acclimate.tables import Labels, Queries

QUERIES = Queries.of(
    {"query_id": q, "text": q, "source_doc_id": s, "split": "train"}
    for q, s in (("q", "s"), ("r", None), ("quiet", "s"))
)
LABELS = Labels.of(
    {"query_id": q, "doc_id": d, "value": v, "teacher": t}
    for q, d, v, t in (
        ("q", "a", 3.0, "one"),
        ("q", "s", 1.0, "one"),
        ("q", "a", 5.0, "two"),
        ("r", "s", 2.0, "one"),
        ("gone", "a", 9.0, "one"),
    )
)
TOLD = rated(QUERIES, LABELS)


def test_extremes_are_those_of_one_query_and_one_teacher() -> None:
    assert TOLD.best.tolist() == [[3, 5], [2, -np.inf], [-np.inf, -np.inf]]
    assert TOLD.worst.tolist() == [[1, 5], [2, np.inf], [np.inf, np.inf]]


def test_the_sources_value_is_known_where_the_teacher_rated_it() -> None:
    """s is the source of q, and of r only by accident."""
    assert np.isnan(TOLD.source).tolist() == [[False, True], [True, True], [True, True]]
    assert TOLD.source[0, 0] == 1
    assert TOLD.is_source.tolist() == [False, True, False, False, False]


def test_labels_of_queries_that_are_not_there_stay_whatever_is_decided() -> None:
    nothing = np.zeros((3, 2), dtype=bool)
    assert TOLD.each(nothing).tolist() == [False] * 4 + [True]


def test_no_labels_are_no_teachers() -> None:
    assert rated(QUERIES, Labels.empty()).best.shape == (3, 0)
