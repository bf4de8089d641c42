"""OfKind: what people asked can be a stage of its own."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import OfKind
from acclimate.parts.part import Context
from acclimate.tables import Queries

QUERIES = Queries.of(
    {"query_id": str(n), "text": "?", "kind": kind, "split": split}
    for n, (kind, split) in enumerate(
        [("inpars", "train"), ("answered", "heldout"), (None, "train"), ("answered", "train")]
    )
)


def test_queries_of_other_kinds_and_of_none_leave() -> None:
    """[001] the share that people labelled."""
    ctx = Context()
    assert OfKind(kinds=("answered",))(QUERIES, ctx)["query_id"] == ["1", "3"]
    assert ctx.notes["dropped"] == {"of another kind": 2}


def test_they_may_leave_and_the_others_stay() -> None:
    part = OfKind(kinds=("answered",), others=True)
    assert part(QUERIES, Context())["query_id"] == ["0", "2"]


def test_no_kind_is_refused() -> None:
    with pytest.raises(RecipeError, match="Name a kind"):
        OfKind(kinds=())
