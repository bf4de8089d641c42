"""Noise: words are left out, masked or moved. [068]"""

from collections import Counter

import numpy as np

from acclimate.parts._noise import Noise, noised, noised_queries
from acclimate.testing import toys

WORDS = [f"w{n}" for n in range(40)]


def after(noise: Noise, share: float, words: list[str] = WORDS) -> list[str]:
    return noised(words, noise, share, "[MASK]", np.random.default_rng(3))


def test_a_share_of_0_is_no_noise_and_of_1_leaves_nothing() -> None:
    """[068]: deletion with p = 0 is the identity, with p = 1 it empties."""
    kinds: tuple[Noise, ...] = ("delete", "shuffle", "mask", "sequential")
    assert all(after(noise, 0.0) == WORDS for noise in kinds)
    assert after("delete", 1.0) == []
    assert after("mask", 1.0) == ["[MASK]"] * 40
    assert after("sequential", 1.0) == []
    assert after("none", 1.0) == WORDS


def test_shuffling_keeps_the_words_and_most_of_their_places() -> None:
    """[068]: 0.1 of 40 words are 4; the others stay where they are."""
    found = after("shuffle", 0.1)
    assert Counter(found) == Counter(WORDS)
    assert 0 < sum(a != b for a, b in zip(found, WORDS, strict=True)) <= 4
    assert Counter(after("shuffle", 1.0)) == Counter(WORDS)


def test_deleting_keeps_the_order_of_what_is_left() -> None:
    found = after("delete", 0.5)
    assert 0 < len(found) < 40
    assert found == [word for word in WORDS if word in found]


def test_masking_keeps_the_places() -> None:
    found = after("mask", 0.5)
    assert all(a in {b, "[MASK]"} for a, b in zip(found, WORDS, strict=True))
    assert 0 < found.count("[MASK]") < 40


def test_all_three_come_one_after_the_other() -> None:
    found = after("sequential", 0.3)
    kept = [word for word in found if word != "[MASK]"]
    assert len(found) < 40
    assert "[MASK]" in found
    assert kept != sorted(kept, key=WORDS.index)


def test_the_queries_keep_all_but_their_texts() -> None:
    noisy = noised_queries(toys.WRITTEN, "mask", 1.0, "?", 7)
    assert {word for text in noisy["text"] for word in text.split()} == {"?"}
    assert noisy["query_id"] == toys.WRITTEN["query_id"]
    assert noisy["source_doc_id"] == toys.WRITTEN["source_doc_id"]
