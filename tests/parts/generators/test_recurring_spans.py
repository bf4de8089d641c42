"""RecurringSpans: around a phrase of one passage, for another passage that has it. [074]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._words import words
from acclimate.parts.generators import RecurringSpans
from acclimate.parts.generators._recurring import around, recurring
from acclimate.parts.part import Context
from acclimate.tables import Corpus

PHRASE = "hydraulic brake lever"
PASSAGES = (
    f"Mechanics say that every {PHRASE} of older bicycles wants new oil in spring, and so on.",
    f"When rain has come in, take the {PHRASE} apart, clean all seals, and let them dry for a day.",
    "A chain that squeaks needs a drop of oil on each link, and a wipe with an old cotton cloth.",
)


def passages(texts=PASSAGES, parent="bicycle", **columns):
    rows = (
        {"doc_id": f"{parent}#{n}", "title": "", "text": t, "parent_id": parent, **columns}
        for n, t in enumerate(texts)
    )
    return Corpus.of(rows)


def found(texts, **settings):
    return {
        (" ".join(words(texts[run.places[0][0]])[run.places[0][1] :][: run.words]), run.places)
        for run in recurring(texts, **settings)
    }


def test_a_phrase_of_two_passages_is_found_once_and_whole() -> None:
    """[074]: sub-spans with identical occurrences are dropped."""
    texts = ("the red brake lever works", "a red brake lever fails")
    assert found(texts) == {("red brake lever", ((0, 1), (1, 1)))}


def test_a_part_of_a_phrase_that_stands_elsewhere_too_is_a_phrase_of_its_own() -> None:
    texts = ("one red brake lever", "old red brake lever", "my brake lever")
    assert found(texts) == {
        ("red brake lever", ((0, 1), (1, 1))),
        ("brake lever", ((0, 2), (1, 2), (2, 1))),
    }


def test_a_phrase_that_stands_twice_in_one_passage_only_is_none() -> None:
    """[074]: a span occurring twice inside one passage only yields no pair."""
    assert found(("brake lever or brake lever", "nothing of the sort")) == set()
    corpus = passages(("The brake lever. Another brake lever.", "Nothing of the sort is here."))
    assert len(RecurringSpans()(corpus, Context())) == 0


def test_phrases_end_at_punctuation_and_passages() -> None:
    assert found(("oil, chain", "oil, chain")) == set()
    assert found(("we oil", "chain now", "oil chain")) == set()


def test_a_phrase_longer_than_the_longest_is_none_nor_are_its_parts() -> None:
    long = "a b c d e f"
    assert found((long, long), at_most_words=5) == set()
    assert found((long, long), at_most_words=6) == {(long, ((0, 0), (1, 0)))}


def test_phrases_neither_begin_nor_end_with_a_function_word() -> None:
    texts = ("He said that of the valve is old.", "She knows that of the valve is new.")
    assert len(RecurringSpans()(passages(texts), Context())) == 0


def test_a_query_is_cut_from_another_passage_than_the_one_it_asks_for() -> None:
    corpus = passages()
    queries = RecurringSpans(per_document=4)(corpus, Context())
    texts = dict(zip(corpus["doc_id"], corpus["text"], strict=True))
    assert set(queries["source_doc_id"]) == {"bicycle#0", "bicycle#1"}
    for row in queries.dicts():
        other = {"bicycle#0": "bicycle#1", "bicycle#1": "bicycle#0"}[row["source_doc_id"]]
        assert set(words(row["text"])) <= set(words(texts[other]))
        assert PHRASE in texts[row["source_doc_id"]]


def test_half_of_ten_thousand_queries_have_the_phrase_and_their_windows_vary() -> None:
    """[074]: the query contains the span in about 50 % of 10k draws, the positive always."""
    rows = (
        {"doc_id": f"{n}#{m}", "title": "", "text": PASSAGES[m], "parent_id": str(n)}
        for n in range(5_000)
        for m in range(2)
    )
    queries = RecurringSpans()(Corpus.of(rows), Context())["text"]
    assert len(queries) == 10_000
    kept = [text for text in queries if PHRASE in text]
    assert 0.485 < len(kept) / 10_000 < 0.515  # three standard errors are 0.015
    lengths = {len(words(text)) for text in kept}
    assert min(lengths) == 5
    assert max(lengths) == max(len(words(text)) for text in PASSAGES[:2])


def test_a_passage_without_the_phrase_is_neither_asked_for_nor_asked_from() -> None:
    """[074]: the negative, another passage of the document, does not contain the span."""
    queries = RecurringSpans(per_document=9, keep_rate=1)(passages(), Context())
    assert "bicycle#2" not in queries["source_doc_id"]
    assert all(PHRASE in text and PHRASE not in PASSAGES[2] for text in queries["text"])


def test_without_parents_a_title_makes_the_document() -> None:
    rows = ({"doc_id": str(n), "title": "Bicycle", "text": t} for n, t in enumerate(PASSAGES))
    assert len(RecurringSpans()(Corpus.of(rows), Context())) == 2
    rows = ({"doc_id": str(n), "title": "", "text": t} for n, t in enumerate(PASSAGES))
    assert len(RecurringSpans()(Corpus.of(rows), Context())) == 0


def test_a_window_is_told_in_three() -> None:
    assert around("one two three four five", 2, 1, (1, 4)) == ("two ", "three", " four")


@pytest.mark.parametrize(
    "settings",
    [{"at_least_words": 0}, {"longest_window": 10}, {"shortest_window": 31}, {"keep_rate": 2}],
    ids=["no words", "window no longer than a phrase", "empty window", "no rate"],
)
def test_ranges_that_mean_nothing_are_refused(settings) -> None:
    with pytest.raises(RecipeError, match="windows"):
        RecurringSpans(**settings)
