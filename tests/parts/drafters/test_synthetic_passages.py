"""SyntheticPassages [016] [010]: an answer, what only looks like one, and the way there."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.drafters import SyntheticPassages
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

QUERIES = Queries.of(
    {"query_id": name, "text": f"why do {name} dance", "split": split}
    for name, split in (("bees", "train"), ("ants", "heldout"), ("crabs", "train"))
)
ANSWERS = (
    ("only looks like", "Bees gather nectar."),
    ("Step by step", "A dance has an angle. The angle is the sun's."),
    ("The passage that answers", "Bees dance to say where flowers are."),
)


def ctx() -> Context:
    return Context(engine=FakeEngine())


def test_a_query_gets_two_positives_and_one_negative() -> None:
    """[016] p2 and p3 stand beside the query's own document, n against them."""
    drafts = SyntheticPassages(writer=Recorded(answers=ANSWERS))(QUERIES, ctx())
    assert drafts["query_id"] == ["bees"] * 3 + ["crabs"] * 3
    assert drafts["kind"] == ["relevant", "distractor", "expansion"] * 2
    assert drafts["value"] == [1.0, 0.0, 1.0] * 2
    assert drafts["text"][:2] == ["Bees dance to say where flowers are.", "Bees gather nectar."]


def test_a_distractor_alone_is_a_written_hard_negative() -> None:
    """[010] plausible and of no help."""
    part = SyntheticPassages(writer=Recorded(answers=ANSWERS), kinds=("distractor",))
    drafts = part(QUERIES, ctx())
    assert drafts["value"] == [0.0, 0.0]
    assert part.per_query == 1


def test_ids_depend_on_the_text_alone_and_say_what_they_are() -> None:
    drafts = SyntheticPassages(writer=Recorded(answers=ANSWERS))(QUERIES, ctx())
    assert drafts["doc_id"][:3] == drafts["doc_id"][3:]
    assert all(name.startswith("draft:") for name in drafts["doc_id"])


def test_held_out_queries_and_queries_without_an_answer_get_none() -> None:
    asked = Context(engine=FakeEngine())
    assert len(SyntheticPassages(writer=Recorded())(QUERIES, asked)) == 0
    assert asked.notes["drafts"] == {"queries": 2, "written": 0}


def test_a_passage_written_twice_for_a_query_is_there_once() -> None:
    same = Recorded(answers=(("", "Bees dance."),))
    drafts = SyntheticPassages(writer=same, each=3)(QUERIES, ctx())
    assert drafts["kind"] == ["relevant", "relevant"]


@pytest.mark.parametrize("wrong", [{"kinds": ()}, {"kinds": ("relevant", "relevant")}, {"each": 0}])
def test_settings_that_write_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="each=1 or more"):
        SyntheticPassages(writer=FakeWriter(), **wrong)
