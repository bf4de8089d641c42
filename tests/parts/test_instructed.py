"""Instructed: a query and its instruction are one text and can be told apart."""

from acclimate.parts._instructed import joined, split


def test_what_is_joined_comes_apart_again() -> None:
    assert split(joined("bees  in winter", "Only\nwild bees.")) == (
        "bees in winter", "Only wild bees.",
    )  # fmt: skip


def test_a_query_without_an_instruction_is_itself() -> None:
    assert split("bees in winter") == ("bees in winter", "")
