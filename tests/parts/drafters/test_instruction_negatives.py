"""InstructionNegatives [112]: right for the query, wrong for its instruction."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._instructed import joined
from acclimate.parts.drafters import InstructionNegatives
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

QUERIES = Queries.of(
    {"query_id": name, "text": text, "split": split}
    for name, text, split in (
        ("plain", "bees in winter", "train"),
        ("wild", joined("bees in winter", "Only wild bees."), "train"),
        ("held", joined("ants in winter", "Only wild ants."), "heldout"),
    )
)
ANSWERS = (
    ("meets both", "Wild bees sleep in hollow stems."),
    ("breaks the instruction", "The beekeeper feeds his hives with sugar."),
)


def test_only_queries_with_an_instruction_get_drafts() -> None:
    """[112] one that satisfies it and some that violate it."""
    writer = Recorded(answers=ANSWERS)
    drafts = InstructionNegatives(writer=writer)(QUERIES, Context(engine=FakeEngine()))
    assert drafts["query_id"] == ["wild", "wild"]
    assert drafts["kind"] == ["follows", "breaks"]
    assert drafts["value"] == [1.0, 0.0]


def test_query_and_instruction_are_shown_apart() -> None:
    writer = Recorded(answers=ANSWERS)
    InstructionNegatives(writer=writer, each=2)(QUERIES, Context(engine=FakeEngine()))
    for asked in writer.asked:
        assert "\nbees in winter\n</query" in asked
        assert "\nOnly wild bees.\n</instruction" in asked


def test_no_negative_is_refused() -> None:
    with pytest.raises(RecipeError, match="give 1 or more"):
        InstructionNegatives(writer=FakeWriter(), each=0)
