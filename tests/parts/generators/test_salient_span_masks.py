"""SalientSpanMasks: names, dates and numbers are what a sentence asks for. [003], [020]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import SalientSpanMasks
from acclimate.parts.generators.salient_span_masks import salient
from acclimate.parts.part import Context
from acclimate.tables import Corpus

TEXT = "The bridge of Sydney Harbour was opened in 1932 by John Lang. Nobody had seen it before."
CORPUS = Corpus.of({"doc_id": str(n), "title": "", "text": TEXT} for n in range(60))


def spans_of(text, silent=frozenset({"the", "in", "we"})):
    return [text[a:b] for a, b in salient(text, silent)]


def test_names_dates_and_numbers_are_salient() -> None:
    assert spans_of(TEXT.partition(".")[0]) == ["Sydney Harbour", "1932", "John Lang"]
    assert spans_of("we paid 1,200.50 on 2024-05-01 for A4 paper") == [
        "1,200.50",
        "2024-05-01",
        "A4",
    ]
    assert spans_of("Jean-Luc met NASA people") == ["Jean-Luc", "NASA"]


def test_the_capital_that_begins_a_sentence_says_nothing_alone() -> None:
    assert spans_of("Nobody had seen it") == []
    assert spans_of("Marie Curie had seen it") == ["Marie Curie"]
    assert spans_of("NASA had seen it") == ["NASA"]
    assert spans_of("The In We") == []


def test_names_that_do_not_touch_are_two() -> None:
    assert spans_of("we saw Oslo, Bergen and Bodø") == ["Oslo", "Bergen", "Bodø"]


def test_scripts_without_capitals_have_numbers() -> None:
    assert spans_of("大桥于1932年开放") == ["1932"]


def test_exactly_one_salient_span_of_a_sentence_is_masked() -> None:
    """[003], [020]: the spans are names and dates; each is drawn at times."""
    queries = SalientSpanMasks()(CORPUS, Context())
    whole = "The bridge of Sydney Harbour was opened in 1932 by John Lang"
    gone = {span: whole.replace(span, "[MASK]") for span in ("Sydney Harbour", "1932", "John Lang")}
    assert set(queries["text"]) == set(gone.values())
    assert set(queries["kind"]) == {"salient_mask"}


def test_an_empty_mask_leaves_a_gap() -> None:
    texts = SalientSpanMasks(mask="")(CORPUS, Context())["text"]
    assert "The bridge of Sydney Harbour was opened in by John Lang" in texts


def test_sentences_outside_the_range_or_without_a_name_give_none() -> None:
    assert len(SalientSpanMasks(at_least_words=13)(CORPUS, Context())) == 0
    plain = Corpus.of([{"doc_id": "a", "title": "", "text": "Nobody had seen it before that day."}])
    assert len(SalientSpanMasks()(plain, Context())) == 0
    with pytest.raises(RecipeError, match="at_most_words"):
        SalientSpanMasks(at_most_words=2)
