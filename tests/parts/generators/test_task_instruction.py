"""TaskInstruction: which task a query is of. [103] [110]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._answers import answers
from acclimate.parts.generators import Mixed, SalientSpanMasks, TaskInstruction, Titles
from acclimate.parts.part import Context
from acclimate.testing import toys

TITLES = TaskInstruction(generator=Titles(), instruction="Find it.")


def test_the_instruction_stands_behind_each_query_and_all_else_stays() -> None:
    """[103], [110]: a training pair is (instruction and query, item)."""
    plain = Titles()(toys.CORPUS, Context())
    told = TITLES(toys.CORPUS, Context())
    assert told["text"] == [text + "\nFind it." for text in plain["text"]]
    for column in ("source_doc_id", "kind", "split", "log_prob"):
        assert told[column] == plain[column]
    assert not set(told["query_id"]) & set(plain["query_id"])


def test_the_same_words_for_two_tasks_are_two_queries() -> None:
    other = TaskInstruction(generator=Titles(), instruction="Explain it.")
    queries = Mixed((TITLES, other))(toys.CORPUS, Context())
    assert len(queries) == 2 * len(Titles()(toys.CORPUS, Context()))
    assert len(set(queries["query_id"])) == len(queries)


def test_what_a_mask_hides_is_found_behind_an_instruction() -> None:
    masks = SalientSpanMasks(at_least_words=4)
    told = TaskInstruction(generator=masks, instruction="Find what fills the gap.")
    plain = masks(toys.CORPUS, Context())
    assert all(answers(toys.CORPUS, plain))
    assert answers(toys.CORPUS, told(toys.CORPUS, Context())) == answers(toys.CORPUS, plain)


def test_an_instruction_that_says_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="Name the task"):
        TaskInstruction(generator=Titles(), instruction=" ")
