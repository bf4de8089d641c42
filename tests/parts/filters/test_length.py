"""Length: neither too short nor too long."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import Length
from acclimate.parts.part import Context
from acclimate.tables import Queries


def kept(texts, ctx=None, **settings):
    queries = Queries.of({"query_id": t, "text": t, "split": "train"} for t in texts)
    return Length(**settings)(queries, ctx or Context())["text"]


def test_both_ends_of_the_range_stay():
    ctx = Context()
    assert kept(["one", "one two", "one two three", "1 2 3 4"], ctx, at_most_words=3) == [
        "one two",
        "one two three",
    ]
    assert ctx.notes["dropped"] == {"fewer than 2 words": 1, "more than 3 words": 1}


def test_two_han_characters_are_a_word():
    assert kept(["猫", "东京大学"]) == ["东京大学"]


def test_an_empty_range_is_refused():
    with pytest.raises(RecipeError, match="keeps nothing"):
        Length(at_least_words=5, at_most_words=4)
