"""Rescale: margins into a range, by hand."""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.labellers import Rescale
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries
from acclimate.testing import behaviour

QUERIES = Queries.of(
    [
        {"query_id": "q", "text": "q", "source_doc_id": "a", "split": "train"},
        {"query_id": "r", "text": "r", "split": "train"},
    ]
)
LABELS = Labels.of(
    {"query_id": q, "doc_id": d, "value": v, "teacher": "t"}
    for q, d, v in (
        ("q", "b", 9.0),
        ("q", "a", 5.0),
        ("q", "c", -5.0),
        ("r", "d", 1.0),
        ("r", "e", 6.0),
    )
)
# Margins to the source or the best: −4 (b), 10 (c), 5 (d).


def values(part: Rescale) -> tuple[list[float], Context]:
    ctx = Context()
    labels = part(QUERIES, LABELS, ctx)
    assert labels["doc_id"] == ["b", "a", "c", "d", "e"]
    return labels["value"], ctx


def test_extremes_are_gpls_piecewise_map() -> None:
    """10 becomes 2, so 5 becomes 1; −4 becomes −1. The source is 0, others minus their margin."""
    made, ctx = values(Rescale(method="extremes", low=-1.0, high=2.0))
    assert made == pytest.approx([1.0, 0.0, -2.0, -1.0, 0.0])
    assert ctx.notes["factors"] == {"above 0": pytest.approx(0.2), "below 0": pytest.approx(0.25)}


def test_percentiles_are_not_moved_by_the_outlier_itself() -> None:
    """The 95th percentile of (−4, 5, 10) is 9.5, the 5th −3.1."""
    _, ctx = values(Rescale(low=-1.0, high=2.0))
    assert ctx.notes["factors"]["above 0"] == pytest.approx(2 / 9.5)
    assert ctx.notes["factors"]["below 0"] == pytest.approx(1 / 3.1)


def test_spread_multiplies_all_margins_with_one_number() -> None:
    """√((16 + 100 + 25) / 3) = 6.8557 becomes 2."""
    made, ctx = values(Rescale(method="spread"))
    factor = 2 / np.sqrt(47)
    assert ctx.notes["factors"] == {
        "above 0": pytest.approx(factor),
        "below 0": pytest.approx(factor),
    }
    assert made[2] == pytest.approx(-10 * factor)


def test_margins_of_one_sign_only_leave_the_other_factor() -> None:
    labels = LABELS.where("query_id", ["r"])
    ctx = Context()
    Rescale(method="extremes")(QUERIES, labels, ctx)
    assert ctx.notes["factors"] == {"above 0": 0.4, "below 0": 1.0}


@pytest.mark.parametrize("method", ["extremes", "percentiles", "spread"])
def test_the_order_of_a_querys_documents_stays(method: str) -> None:
    made = Rescale(method=method)(QUERIES, LABELS, Context()).array("value")  # type: ignore[arg-type]
    assert np.argsort(made[:3]).tolist() == np.argsort(LABELS.array("value")[:3]).tolist()


@pytest.mark.parametrize(("low", "high"), [(1.0, 2.0), (-1.0, 0.0)])
def test_a_range_without_nought_is_refused(low: float, high: float) -> None:
    with pytest.raises(RecipeError, match="low must be 0 or below"):
        Rescale(low=low, high=high)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(Rescale(), folder="labellers")
