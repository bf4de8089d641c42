"""TeacherSpread: a list without differences teaches nothing. [110]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import TeacherSpread
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries

QUERIES = Queries.of({"query_id": q, "text": q, "split": "train"} for q in ("near", "far", "none"))
LABELS = Labels.of(
    {"query_id": q, "doc_id": d, "value": v, "teacher": "t"}
    for q, d, v in (
        ("near", "a", -1.0),
        ("near", "b", -1.0625),
        ("far", "a", -1.0),
        ("far", "b", -1.0625),
        ("far", "c", -1.125),
    )
)


def kept(ctx: Context | None = None, **settings: float) -> list[str]:
    return TeacherSpread(**settings)(QUERIES, LABELS, ctx or Context())["query_id"]


def test_queries_whose_highest_less_lowest_value_is_below_a_tenth_go() -> None:
    """[110]: −1 less −1.0625 is 0.0625; −1 less −1.125 is 0.125."""
    ctx = Context()
    assert kept(ctx) == ["far", "none"]
    assert ctx.notes["dropped"] == {"the teacher finds all documents alike": 1}


def test_what_reaches_the_spread_exactly_stays() -> None:
    assert kept(at_least=0.125) == ["far", "none"]
    assert kept(at_least=0.0625) == ["near", "far", "none"]
    assert kept(at_least=0.13) == ["none"]


def test_a_single_document_has_no_spread() -> None:
    alone = LABELS.head(1)
    assert TeacherSpread()(QUERIES, alone, Context())["query_id"] == ["far", "none"]


def test_a_spread_below_nought_is_refused() -> None:
    with pytest.raises(RecipeError, match="0 or more"):
        TeacherSpread(at_least=-0.1)
