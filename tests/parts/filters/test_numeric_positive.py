"""NumericPositive: documents with numbers. [013]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import NumericPositive
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

CORPUS = Corpus.of(
    {"doc_id": d, "title": title, "text": text}
    for d, title, text in (
        ("year", "", "Sales rose in 2019."),
        ("words", "", "Sales rose."),
        ("title", "Table 7", "Sales"),
        ("arabic", "", "السعر ٣ دنانير"),
    )
)
QUERIES = Queries.of(
    {"query_id": s or "log", "text": "?", "source_doc_id": s, "split": "train"}
    for s in ("year", "words", "title", "arabic", None)
)


def test_queries_of_documents_without_a_digit_go() -> None:
    """[013]: gold facts that contain a digit are kept."""
    ctx = Context()
    kept = NumericPositive()(CORPUS, QUERIES, ctx)["query_id"]
    assert kept == ["year", "title", "arabic", "log"]
    assert ctx.notes["dropped"] == {"written from a document without numbers": 1}


def test_more_digits_may_be_asked_for() -> None:
    part = NumericPositive(at_least_digits=4)
    assert part(CORPUS, QUERIES, Context())["query_id"] == ["year", "log"]


def test_asking_for_none_is_refused() -> None:
    with pytest.raises(RecipeError, match="drops nothing"):
        NumericPositive(at_least_digits=0)
