"""Edits: texts a few words apart. [053]"""

from hypothesis import given, settings
from hypothesis import strategies as st

from acclimate.parts._edits import Edits, distance

TEXT = st.lists(st.sampled_from("abcd"), min_size=1, max_size=6).map(" ".join)


def test_words_are_put_in_taken_out_and_exchanged() -> None:
    assert distance(["a", "b", "c"], ["a", "b", "c"]) == 0
    assert distance(["a", "b", "c"], ["a", "x", "c"]) == 1
    assert distance(["a", "b", "c"], ["a", "c"]) == 1
    assert distance(["a", "b", "c"], ["x", "a", "b", "c"]) == 1
    assert distance(["a", "b", "c"], ["c", "b", "a"]) == 2
    assert distance([], ["a", "b"]) == 2


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, max_size=8, unique=True), st.integers(1, 2))
def test_it_finds_what_comparing_all_with_all_finds(texts: list[str], most: int) -> None:
    told = Edits(texts, most)
    for row, text in enumerate(texts):
        near = {
            other
            for other, another in enumerate(texts)
            if 0 < distance(text.split(), another.split()) <= most
            and set(text.split()) & set(another.split())
        }
        found = set(told.of(row))
        assert near <= found
        assert all(0 < distance(text.split(), texts[other].split()) <= most for other in found)


def test_of_very_many_some_are_looked_at() -> None:
    texts = [f"what is the capital of country{n}" for n in range(500)]
    found = list(Edits(texts, 1).of(7))
    assert 1 < len(found) <= 16
    assert 7 not in found


def test_long_texts_have_no_near_ones() -> None:
    long = " ".join(f"w{n}" for n in range(30))
    assert list(Edits([long, f"{long} more"], 1).of(0)) == []
