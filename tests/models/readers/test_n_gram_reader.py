"""NGramReader: counts that anyone can redo."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.engines.local import Local
from acclimate.errors import ModelError
from acclimate.models.readers import NGramReader

DOCUMENTS = ["red apples red plums", "green apples", ""]
# Of 6 words, 4 different: red 2, apples 2, plums 1, green 1; each counts once more, and so does
# a word that nobody has: of 6 + 4 + 1 = 11.


def rated(reader: NGramReader, text: str, rows: tuple[int, ...] = (0, 1, 2)) -> list[float]:
    engine = Local(device="cpu")
    hits = engine.search(reader, DOCUMENTS, [text], among=np.array([rows]))
    return [float(score) for score in hits.scores[0]]


def test_a_word_has_its_share_of_the_document_and_of_the_corpus() -> None:
    """½ · 2/4 + ½ · 3/11; ½ · 0/2 + ½ · 3/11; an empty document is no evidence: 3/11."""
    expected = [0.5 * 2 / 4 + 0.5 * 3 / 11, 0.5 * 3 / 11, 3 / 11]
    assert rated(NGramReader(), "red") == pytest.approx([log(p) for p in expected], rel=1e-6)


def test_smoothing_is_the_share_of_the_corpus() -> None:
    expected = log(0.9 * 1 / 2 + 0.1 * 2 / 11)
    assert rated(NGramReader(smoothing=0.1), "green")[1] == pytest.approx(expected, rel=1e-6)


def test_a_text_is_the_mean_over_its_words_or_their_sum() -> None:
    """[045] the two differ exactly by the number of words."""
    text = "green apples red"
    mean, total = rated(NGramReader(), text), rated(NGramReader(per_token=False), text)
    assert total == pytest.approx([3 * value for value in mean], rel=1e-6)
    words = [rated(NGramReader(), word) for word in text.split()]
    assert mean == pytest.approx(np.mean(words, axis=0).tolist(), rel=1e-6)


def test_a_pair_of_words_has_its_share_of_what_follows_the_first() -> None:
    """After "red" comes "apples" once of twice; p(apples) = ½ · 1/4 + ½ · 3/11 there."""
    single = 0.5 / 4 + 0.5 * 3 / 11
    first = 0.5 * 2 / 4 + 0.5 * 3 / 11
    pair = 0.6 * 1 / 2 + 0.4 * single
    reader = NGramReader(bigrams=0.6, per_token=False)
    assert rated(reader, "red apples")[0] == pytest.approx(log(first) + log(pair), rel=1e-6)


def test_a_document_that_does_not_go_on_from_a_word_has_no_pairs_of_it() -> None:
    """The last word of the first document is no beginning, nor does the next document follow it."""
    reader, plain = NGramReader(bigrams=0.6), NGramReader()
    assert rated(reader, "plums green") == pytest.approx(rated(plain, "plums green"), rel=1e-6)


@pytest.mark.parametrize("bigrams", [0.0, 0.7])
@given(rows=st.sampled_from([0, 1, 2]), before=st.sampled_from(["red", "apples", "never"]))
def test_the_chances_of_all_words_are_one_together(bigrams: float, rows: int, before: str) -> None:
    reader = NGramReader(bigrams=bigrams, per_token=False)
    index = reader.build(DOCUMENTS, Local(device="cpu"))
    words = ["red", "apples", "plums", "green", "unheard"]

    def chance(text: str) -> float:
        return exp(float(index.likelihoods(text, np.array([rows]))[0]))

    assert sum(chance(f"{before} {word}") / chance(before) for word in words) == pytest.approx(1)


def test_the_order_of_four_candidates_is_that_found_by_hand() -> None:
    """[045]: "green apples": ½ · ½ + ½ · 2/11 and so on; a constant changes nothing."""
    documents = ["red apples red plums", "green apples", "", "green green"]
    engine = Local(device="cpu")
    hits = engine.search(
        NGramReader(per_token=False), documents, ["green apples"], among=np.arange(4)[None]
    )
    # Of 8 words and 4 + 1 kinds: green (3 + 1) / 13, apples (2 + 1) / 13.
    green, apples = 4 / 13, 3 / 13
    expected = [
        log(0.5 * green) + log(0.5 / 4 + 0.5 * apples),
        log(0.5 / 2 + 0.5 * green) + log(0.5 / 2 + 0.5 * apples),
        log(green) + log(apples),
        log(0.5 + 0.5 * green) + log(0.5 * apples),
    ]
    assert hits.scores[0] == pytest.approx(expected, rel=1e-6)
    found = engine.search(NGramReader(), documents, ["green apples"], depth=4).positions[0]
    assert found.tolist() == np.argsort(-np.array(expected), kind="stable").tolist() == [1, 3, 2, 0]


def test_documents_may_be_read_as_one() -> None:
    """[008] "apples" stands twice in six words of both; what is left out is not read."""
    reader = NGramReader(together=True)
    both, first = log(0.5 * 2 / 6 + 0.5 * 3 / 11), log(0.5 * 1 / 4 + 0.5 * 3 / 11)
    assert rated(reader, "apples") == pytest.approx([both] * 3, rel=1e-6)
    alone = rated(reader, "apples", rows=(0, -1, 2))
    assert (alone[0], alone[2]) == pytest.approx((first, first), rel=1e-6)
    assert alone[1] == -np.inf
    assert rated(reader, "apples", rows=(2,))[0] == pytest.approx(log(3 / 11), rel=1e-6)


def test_no_pair_of_words_reaches_from_one_document_into_the_next() -> None:
    reader, plain = NGramReader(bigrams=0.6, together=True), NGramReader(together=True)
    assert rated(reader, "plums green") == pytest.approx(rated(plain, "plums green"), rel=1e-6)


def test_cells_without_a_document_have_no_score() -> None:
    assert rated(NGramReader(), "red", rows=(1, -1))[1] == -np.inf


def test_a_text_without_words_is_certain() -> None:
    assert rated(NGramReader(), "!") == [0, 0, 0]


def test_no_documents_are_searched_too() -> None:
    hits = Local(device="cpu").search(NGramReader(), [], ["red"], depth=2)
    assert hits.positions.tolist() == [[-1, -1]]


def test_the_fingerprint_follows_the_settings() -> None:
    prints = {r.fingerprint() for r in (NGramReader(), NGramReader(0.4), NGramReader(bigrams=0.1))}
    assert len(prints) == 3


@pytest.mark.parametrize("settings", [{"smoothing": 0.0}, {"smoothing": 1.1}, {"bigrams": 1.0}])
def test_settings_that_make_a_text_impossible_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ModelError, match="would be impossible"):
        NGramReader(**settings)
