"""FalseNegatives: candidates about as relevant as the source. [011]"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.filters import FalseNegatives
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries

QUERIES = Queries.of(
    [
        {"query_id": "q", "text": "?", "source_doc_id": "s", "split": "train"},
        {"query_id": "log", "text": "?", "split": "train"},
    ]
)
CATALOGUE = (0.79, 0.77, 0.755, 0.74, 0.60)


def kept(part, source, others, query="q", ctx=None):
    rows = [("s", source), *((f"d{i}", v) for i, v in enumerate(others))]
    labels = Labels.of(
        {"query_id": query, "doc_id": d, "value": v, "teacher": "t"} for d, v in rows
    )
    found = part(QUERIES, labels, ctx or Context())
    return [round(v, 6) for d, v in zip(found["doc_id"], found["value"], strict=True) if d != "s"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (FalseNegatives(percent=0.95), [0.755, 0.74, 0.6]),  # bar 0.95 · 0.80 = 0.76
        (FalseNegatives(percent=None, margin=0.05), [0.74, 0.6]),  # bar 0.80 − 0.05 = 0.75
        (FalseNegatives(percent=None, at_most=0.7), [0.6]),
        (FalseNegatives(percent=0.95, margin=0.05), [0.74, 0.6]),  # the lower bar
    ],
)
def test_the_catalogues_values(part, expected):
    assert kept(part, 0.80, CATALOGUE) == expected


@pytest.mark.parametrize(
    "part", [FalseNegatives(percent=0.95), FalseNegatives(percent=None, margin=0.05)]
)
def test_the_bar_of_a_negative_source_lies_below_it(part):
    # the bar is −1 − 0.05; a peer's rule s⁺ · 0.95 = −0.95 would keep −0.97
    assert kept(part, -1.0, (-0.97, -1.04, -1.06)) == [-1.06]


def test_what_reaches_the_bar_exactly_stays():
    assert kept(FalseNegatives(percent=0.95), 0.8, (0.76,)) == [0.76]


def test_the_source_stays_and_is_compared_within_its_teacher():
    labels = Labels.of(
        [
            {"query_id": "q", "doc_id": "s", "value": 1.0, "teacher": "a"},
            {"query_id": "q", "doc_id": "d", "value": 2.0, "teacher": "a"},
            {"query_id": "q", "doc_id": "s", "value": 9.0, "teacher": "b"},
            {"query_id": "q", "doc_id": "d", "value": 2.0, "teacher": "b"},
        ]
    )
    found = FalseNegatives()(QUERIES, labels, Context())
    assert list(zip(found["doc_id"], found["teacher"], strict=True)) == [
        ("s", "a"),
        ("s", "b"),
        ("d", "b"),
    ]


def test_a_query_without_a_source_keeps_what_the_absolute_bar_lets_stay():
    ctx = Context()
    assert kept(FalseNegatives(), 0.0, (5.0, 6.0), query="log", ctx=ctx) == [5.0, 6.0]
    assert ctx.notes["queries without a rated source"] == 1
    assert kept(FalseNegatives(at_most=5.5), 0.0, (5.0, 6.0), query="log") == [5.0]


def test_the_note_counts_what_went():
    ctx = Context()
    kept(FalseNegatives(), 0.8, CATALOGUE, ctx=ctx)
    assert ctx.notes["dropped"] == {"as relevant as the source, or nearly": 2}


@given(st.floats(-100, 100), st.lists(st.floats(-100, 100), max_size=6), st.floats(0, 1))
def test_nothing_above_the_source_ever_stays(source, others, percent):
    part = FalseNegatives(percent=percent)
    assert all(v <= source + 1e-4 for v in kept(part, source, others))


def test_planted_copies_of_the_source_are_removed():
    copies, others = [0.9] * 5, [0.1, 0.2, 0.3]
    assert kept(FalseNegatives(), 0.9, (*copies, *others)) == others


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"percent": None}, "has no bar"),
        ({"percent": 95}, "between 0 and 1"),
        ({"margin": -0.1}, "0 or more"),
    ],
)
def test_bars_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(RecipeError, match=message):
        FalseNegatives(**settings)
