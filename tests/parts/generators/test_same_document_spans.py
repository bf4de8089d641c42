"""SameDocumentSpans: a stretch of a document asks for the rest. [070]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._cloze import readings
from acclimate.parts._words import words
from acclimate.parts.generators import SameDocumentSpans
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys

TEXT = "\n".join(" ".join(f"w{10 * line + n}" for n in range(10)) for line in range(10))
CORPUS = Corpus.of({"doc_id": str(n), "title": "T", "text": TEXT} for n in range(200))


def test_the_document_is_read_without_the_span_and_in_order() -> None:
    queries = SameDocumentSpans()(CORPUS, Context())
    shown = readings(CORPUS, queries)
    assert len(shown) == 200
    for row in queries.dicts():
        span, rest = words(row["text"]), words(shown[row["query_id"]])
        first = int(span[0][1:])
        assert span == [f"w{n}" for n in range(first, first + len(span))]
        assert rest == ["t", *(f"w{n}" for n in range(100) if f"w{n}" not in span)]


def test_lengths_are_drawn_evenly_and_enough_is_left() -> None:
    lengths = {len(text.split()) for text in SameDocumentSpans()(CORPUS, Context())["text"]}
    assert min(lengths) >= 12
    assert max(lengths) <= 64
    assert len(lengths) > 40
    short = SameDocumentSpans(rest_words=85)(CORPUS, Context())["text"]
    assert {len(text.split()) for text in short} <= set(range(12, 16))
    assert len(SameDocumentSpans(rest_words=89)(CORPUS, Context())) == 0


def test_several_spans_of_a_document_do_not_overlap() -> None:
    """[070]: two spans of one document."""
    queries = SameDocumentSpans(per_document=2)(CORPUS.head(50), Context())
    assert len(queries) == 100
    for source in CORPUS["doc_id"][:50]:
        one, two = queries.where("source_doc_id", [source])["text"]
        assert not set(one.split()) & set(two.split())


def test_short_documents_give_none() -> None:
    assert len(SameDocumentSpans(rest_words=40)(toys.CORPUS, Context())) == 0


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(RecipeError, match="at_most_words"):
        SameDocumentSpans(at_least_words=9, at_most_words=8)
