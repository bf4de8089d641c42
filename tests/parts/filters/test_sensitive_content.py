"""SensitiveContent [117]: what a model would keep from people goes, and what it cannot judge."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import SensitiveContent
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

TEXTS = ("how do bees dance", "where does my neighbour sleep", "unsure", "silent")
QUERIES = Queries.of({"query_id": t, "text": t, "split": "train"} for t in TEXTS)
WRITER = Recorded(
    answers=(
        ("bees", '{"sensitive": false}'),
        ("neighbour", '{"sensitive": true}'),
        ("unsure", '{"sensitive": true, "chances": {"true": 0.4, "false": 0.6}}'),
    )
)


def kept(threshold: float, ctx: Context) -> list[str]:
    return SensitiveContent(writer=WRITER, threshold=threshold)(QUERIES, ctx)["text"]


def test_the_sensitive_and_the_unjudged_go_and_are_counted() -> None:
    ctx = Context(engine=FakeEngine())
    assert kept(0.5, ctx) == [TEXTS[0], TEXTS[2]]
    assert ctx.notes["dropped"] == {"sensitive": 1, "no verdict": 1}


def test_a_lower_threshold_lets_fewer_through() -> None:
    assert kept(0.3, Context(engine=FakeEngine())) == [TEXTS[0]]


def test_a_threshold_that_is_no_probability_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0 and at most 1"):
        SensitiveContent(writer=WRITER, threshold=0.0)
