"""Fragments: words in a row."""

import numpy as np

from acclimate.parts._words import words
from acclimate.parts.generators import Fragments
from acclimate.parts.generators._written import without_words
from acclimate.parts.part import Context
from acclimate.testing import toys


def test_a_fragment_is_a_run_of_words_of_its_document():
    contents = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS.contents, strict=True))
    queries = Fragments(per_document=5)(toys.CORPUS, Context())
    for row in queries.dicts():
        run, own = words(row["text"]), words(contents[row["source_doc_id"]])
        assert 4 <= len(run) <= 12
        assert any(own[i : i + len(run)] == run for i in range(len(own)))


def test_fragments_are_drawn_from_the_beginning():
    part = Fragments(at_least_words=4, at_most_words=4, within_words=5, per_document=20)
    assert set(part(toys.CORPUS.head(1), Context())["text"]) == {
        "Bees Bees visit flowers",
        "Bees visit flowers to",
    }


def test_a_document_shorter_than_a_fragment_gives_none():
    assert len(Fragments(at_least_words=100, at_most_words=100)(toys.CORPUS, Context())) == 0


def test_dropped_words_leave_the_others_in_order():
    queries = Fragments(word_dropout=0.5, at_least_words=10)(toys.CORPUS, Context())
    lengths = [len(words(text)) for text in queries["text"]]
    assert 2 <= sum(lengths) / len(lengths) < 9


def test_dropping_words_keeps_two_and_at_zero_keeps_all():
    rng = np.random.default_rng(0)
    assert without_words("a b, c d", 0.0, rng) == "a b, c d"
    assert len(without_words("a b c d e f", 1.0, rng).split()) == 2
    kept = [len(without_words("a b c d e f g h i j", 0.3, rng).split()) for _ in range(500)]
    assert 6.7 < sum(kept) / 500 < 7.3
