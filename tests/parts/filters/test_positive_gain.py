"""PositiveGain: some document helps. [066]"""

from math import log

from acclimate.parts.filters import PositiveGain
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries

QUERIES = Queries.of({"query_id": q, "text": q, "split": "train"} for q in ("helped", "not", "new"))
LABELS = Labels.of(
    {"query_id": q, "doc_id": d, "value": v, "teacher": "t"}
    for q, d, v in (
        ("helped", "a", log(0.02 / 0.005)),
        ("helped", "b", log(0.001 / 0.005)),
        ("not", "a", log(0.005 / 0.005)),
        ("not", "b", log(0.004 / 0.005)),
    )
)


def test_queries_that_no_document_makes_likelier_go() -> None:
    """[066]: ln (0.02 / 0.005) = 1.3863 is above 0; ln (0.005 / 0.005) is not."""
    ctx = Context()
    assert PositiveGain()(QUERIES, LABELS, ctx)["query_id"] == ["helped", "new"]
    assert ctx.notes["dropped"] == {"no document above 0": 1}


def test_the_bar_may_be_another() -> None:
    assert PositiveGain(above=1.38)(QUERIES, LABELS, Context())["query_id"] == ["helped", "new"]
    assert PositiveGain(above=1.39)(QUERIES, LABELS, Context())["query_id"] == ["new"]
    assert len(PositiveGain(above=-0.1)(QUERIES, LABELS, Context())) == 3
