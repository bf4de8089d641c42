"""Near-duplicates: found by sketches, decided by the sets themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acclimate.parts._near import Sketches, chance_to_meet, jaccard, runs

TEXTS = st.lists(st.text(alphabet="abc de.", max_size=30), max_size=12)


def test_runs_of_four_characters():
    assert runs("Milk!", 4) == {"milk"}
    assert runs("warm", 3) == {"war", "arm"}
    assert runs("a", 3) == {"a  "}


def test_jaccard_is_shared_over_all():
    assert jaccard(frozenset("abc"), frozenset("bcd")) == 2 / 4
    assert jaccard(frozenset(), frozenset()) == 1


@settings(max_examples=60)
@given(TEXTS, st.sampled_from([0.3, 0.7, 0.9, 1.0]))
def test_what_is_repeated_has_an_earlier_kept_text_at_the_threshold(texts, threshold):
    repeated = Sketches(texts, threshold).repeated()
    sets = [runs(t, 4) for t in texts]
    for row in range(len(texts)):
        best = max((jaccard(sets[row], sets[j]) for j in range(row) if not repeated[j]), default=0)
        assert not repeated[row] or best >= threshold
        assert repeated[row] or best < 1.0  # copies are always found


def test_a_long_text_with_one_word_changed_is_a_near_duplicate():
    text = " ".join(f"word{i}" for i in range(200))
    other = text.replace("word77", "changed")
    assert Sketches([text, other, "something else"], 0.8).repeated().tolist() == [
        False,
        True,
        False,
    ]


def test_near_marks_the_given_rows_and_what_resembles_them():
    texts = ["mend a bicycle tyre", "bees make honey", "mend a bicycle tyre now", "comets"]
    assert Sketches(texts, 0.7).near([0]).tolist() == [True, False, True, False]
    assert Sketches(texts, 0.7).near([]).tolist() == [False] * 4


def test_a_sample_of_the_runs_finds_the_same_copies():
    texts = [f"document {i} about the number {i * i}" for i in range(50)]
    sketches = Sketches(texts + texts, 0.9, width=6, sample=4)
    assert sketches.repeated().tolist()[50:] == [True] * 50


def test_texts_beyond_one_block_are_compared_with_earlier_ones(monkeypatch):
    monkeypatch.setattr("acclimate.parts._near._BLOCK_CHARACTERS", 40)
    texts = [f"a sentence about topic {i}" for i in range(10)]
    assert Sketches([*texts, texts[0]], 1.0).repeated().tolist() == [False] * 10 + [True]


def test_no_texts_have_no_duplicates():
    assert Sketches([], 0.8).repeated().tolist() == []


@pytest.mark.parametrize("threshold", [0.6, 0.7, 0.8, 0.9])
def test_a_pair_at_the_threshold_is_rarely_missed(threshold):
    assert chance_to_meet(threshold, threshold) > 0.85
    assert chance_to_meet(1.0, threshold) == 1
