"""Rewrites: several wordings of each query that trains. [040]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.drafters import Rewrites
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

QUERIES = Queries.of(
    {"query_id": name, "text": f"and what about {name}?", "split": split}
    for name, split in (("bees", "train"), ("ants", "heldout"), ("crabs", "train"))
)


def test_each_query_that_trains_has_three_wordings_of_unknown_worth() -> None:
    drafts = Rewrites(writer=FakeWriter())(QUERIES, Context(engine=FakeEngine()))
    assert drafts["query_id"] == ["bees"] * 3 + ["crabs"] * 3
    assert set(drafts["kind"]) == {"rewrite"}
    assert set(drafts["value"]) == {0.0}
    assert Rewrites(writer=FakeWriter()).per_query == 3


def test_the_conversation_is_what_is_rewritten() -> None:
    heard = Recorded(answers=(("what about crabs", "How do crabs moult?"),))
    drafts = Rewrites(writer=heard, each=2)(QUERIES, Context(engine=FakeEngine()))
    assert drafts["text"] == ["How do crabs moult?"]
    assert drafts["query_id"] == ["crabs"]


def test_nothing_to_write_is_refused() -> None:
    with pytest.raises(RecipeError, match="each=0"):
        Rewrites(writer=FakeWriter(), each=0)
