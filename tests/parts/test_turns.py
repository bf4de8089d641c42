"""What was said, and what came after."""

import pytest

from acclimate.parts._turns import reply

TICKET = """Ann: My chain squeaks
when it rains.
Bob: Did you oil it?
Ann: No. Should I?
Bob: Wipe it, then one drop on each link."""


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("My chain squeaks when it rains.", "Did you oil it?"),
        ("Did you oil it? Ann: No. Should I?", "Wipe it, then one drop on each link."),
        ("No. Should I?", "Wipe it, then one drop on each link."),
        ("Wipe it, then one drop on each link.", ""),
        ("My chain squeaks", ""),
        ("", ""),
    ],
    ids=["a turn", "two turns", "the end of a turn", "the last", "no whole turn", "nothing"],
)
def test_the_next_turn_answers(query: str, answer: str) -> None:
    assert reply(TICKET, query) == answer


def test_prose_has_no_answer() -> None:
    assert reply("My chain squeaks. Oil it.", "My chain squeaks.") == ""
