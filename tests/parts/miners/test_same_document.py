"""SameDocument: other pieces of the source's document. [060] [074]"""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import SubstringOverlap
from acclimate.parts.miners import SameDocument
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing.known import found_by


def pieces(*documents: tuple[str, int], titles: bool = False) -> Corpus:
    return Corpus.of(
        {
            "doc_id": f"{name}{n}",
            "title": name if titles else "",
            "text": f"piece {n}",
            "parent_id": None if titles else name,
        }
        for name, count in documents
        for n in range(count)
    )


def asked(*sources: str | None) -> Queries:
    return Queries.of(
        {"query_id": f"q{n}", "text": "?", "source_doc_id": s, "split": "train"}
        for n, s in enumerate(sources)
    )


def test_the_others_of_the_same_parent_come_and_none_else() -> None:
    corpus = pieces(("a", 3), ("b", 2), ("c", 1))
    found = SameDocument()(corpus, asked("a1", "b0", "c0", None), Context())
    lists = {query: (docs[0], sorted(docs[1:])) for query, docs in found_by(found).items()}
    assert lists == {"q0": ("a1", ["a0", "a2"]), "q1": ("b0", ["b1"]), "q2": ("c0", [])}
    assert found["is_source"] == [True, False, False, True, False, True]


def test_without_parents_pieces_of_one_title_are_one_document() -> None:
    found = SameDocument()(pieces(("a", 2), ("b", 2), titles=True), asked("a0"), Context())
    assert found_by(found) == {"q0": ["a0", "a1"]}


def test_documents_without_title_and_parent_are_alone() -> None:
    corpus = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "ab")
    assert found_by(SameDocument()(corpus, asked("a"), Context())) == {"q0": ["a"]}


def test_pieces_are_drawn_evenly() -> None:
    corpus = pieces(("x", 3), ("a", 11))
    queries = asked(*["a4"] * 500)
    found = SameDocument(count=2)(corpus, queries, Context()).where("is_source", [False])
    times = Counter(found["doc_id"])
    assert set(times) == {f"a{n}" for n in range(11)} - {"a4"}
    assert max(Counter(found["query_id"]).values()) == 2
    # 1,000 draws of ten: 100 each, standard deviation 9
    assert all(abs(count - 100) < 40 for count in times.values())


def test_a_negative_lacks_the_phrase_of_the_query() -> None:
    """[074] Of the pieces of one document, one has the query's phrase: a filter drops it."""
    corpus = Corpus.of(
        {"doc_id": d, "title": "", "text": t, "parent_id": "p"}
        for d, t in (
            ("s", "the brake cable must be oiled"),
            ("has", "dirt makes a brake cable rust"),
            ("lacks", "turn the wheel by hand"),
        )
    )
    queries = Queries.of(
        [{"query_id": "q", "text": "a brake cable", "source_doc_id": "s", "split": "train"}]
    )
    found = SameDocument()(corpus, queries, Context())
    kept = SubstringOverlap(at_most_words=1)(corpus, queries, found, Context())
    assert len(found) == 3
    assert kept["doc_id"] == ["s", "lacks"]


def test_to_draw_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        SameDocument(count=0)
