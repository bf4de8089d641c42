"""DenoisedByTeacher: positives and negatives that the teacher is sure of. [024]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import DenoisedByTeacher
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries

QUERIES = Queries.of(
    {"query_id": q, "text": q, "source_doc_id": s, "split": "train"}
    for q, s in (("sure", "s"), ("unsure", "s"), ("log", None))
)
LABELS = Labels.of(
    {"query_id": q, "doc_id": d, "value": v, "teacher": "t"}
    for q, d, v in (
        ("sure", "s", 0.95),
        ("sure", "too", 0.93),
        ("sure", "perhaps", 0.5),
        ("sure", "not", 0.05),
        ("unsure", "s", 0.6),
        ("unsure", "not", 0.05),
        ("log", "perhaps", 0.5),
        ("log", "not", 0.05),
    )
)


def kept(part: DenoisedByTeacher, ctx: Context | None = None) -> list[tuple[str, str]]:
    found = part(QUERIES, LABELS, ctx or Context())
    return list(zip(found["query_id"], found["doc_id"], strict=True))


def test_what_may_be_relevant_is_no_negative_and_an_unsure_source_no_positive() -> None:
    """[024]: hard negatives below 0.1 and positives above 0.9 by the cross-encoder."""
    ctx = Context()
    part = DenoisedByTeacher(low=0.1, high=0.9)
    assert kept(part, ctx) == [("sure", "s"), ("sure", "not"), ("log", "not")]
    assert ctx.notes["dropped"] == {
        "of a query whose source is not surely relevant": 2,
        "not surely irrelevant": 3,
    }


def test_every_source_may_be_believed() -> None:
    assert ("unsure", "s") in kept(DenoisedByTeacher(low=0.1, high=None))


def test_what_reaches_a_bar_exactly_is_sure() -> None:
    assert ("sure", "s") in kept(DenoisedByTeacher(low=0.05, high=LABELS["value"][0]))
    assert ("sure", "not") in kept(DenoisedByTeacher(low=LABELS["value"][3], high=0.9))


def test_bars_that_cross_are_refused() -> None:
    with pytest.raises(RecipeError, match="at least as high"):
        DenoisedByTeacher(low=0.9, high=0.1)
