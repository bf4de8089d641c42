"""CoverageGreedy: a set that covers the query, each document adding the most. [047]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import CoverageGreedy
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import known

STUDENT = samples.things()[samples.Student]


def sets(*words: str, query: str = "abc", source: str | None = None, **settings):
    """Documents named by their letters; each letter is a word."""
    texts = {word: " ".join(word) for word in (*words, query)}
    lists = {query: {word: -rank for rank, word in enumerate(words)}}
    miner, corpus, queries = known(lists, source=source, texts=texts)
    found = CoverageGreedy(miner=miner, **settings)(corpus, queries, STUDENT, Context())
    return list(zip(found["doc_id"], [round(s, 3) for s in found["score"]], strict=True))


def test_one_document_that_holds_all_is_enough() -> None:
    """[047] {ab}, {bc}, {ac}, {abc}: picks {abc} and stops."""
    assert sets("ab", "bc", "ac", "cba") == [("cba", 1.0)]


def test_a_document_that_adds_nothing_is_passed_over() -> None:
    """[047] {ab}, {b}, {c}: picks {ab} and {c}."""
    assert sets("ab", "b", "c") == [("ab", 0.667), ("c", 0.333)]


def test_equals_come_in_the_order_of_the_miner() -> None:
    assert sets("b", "a", "c")[0] == ("b", 0.333)


def test_what_no_document_holds_stays_open() -> None:
    assert sets("a", "x") == [("a", 0.333)]


def test_count_bounds_the_set() -> None:
    assert sets("a", "b", "c", count=2) == [("a", 0.333), ("b", 0.333)]


def test_the_source_stays_beside_the_set() -> None:
    assert sets("ab", "cab", "bc", source="cab") == [("cab", 1.0), ("ab", 0.667), ("bc", 0.333)]


def test_a_query_without_words_has_its_source_alone() -> None:
    assert sets("a", "b", query="…", source="a") == [("a", 0.0)]


def test_a_set_covers_more_than_the_first_of_the_list() -> None:
    """[047] Of {ab}, {ab}, {c} the first two hold two of three words, the set all."""
    chosen = sets("ab", "ba", "c", count=2)
    assert sum(score for _, score in chosen) == pytest.approx(1.0)


def test_to_pick_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        CoverageGreedy(count=0)
