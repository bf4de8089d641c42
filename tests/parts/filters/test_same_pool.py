"""SamePool: no negative of another task's pool. [103]"""

import json

import pytest

from acclimate.parts.filters import SamePool
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries

RECORDS = {
    "orders": {"Type": "table", "columns": "3"},
    "users": {"type": "table", "columns": "5"},
    "month": {"type": "field", "table": "orders"},
    "notify": {"type": "step", "columns": "1"},
}
CORPUS = Corpus.of(
    [
        *(
            {"doc_id": name, "title": name, "text": name, "meta": json.dumps(fields)}
            for name, fields in RECORDS.items()
        ),
        {"doc_id": "manual", "title": "", "text": "How to order."},
        {"doc_id": "policy", "title": "", "text": "Who may order."},
    ]
)


def kept(source: str | None, field: str | None = None) -> list[str]:
    queries = Queries.of(
        [{"query_id": "q", "text": "order", "source_doc_id": source, "split": "train"}]
    )
    found = Candidates.of(
        {"query_id": "q", "doc_id": name, "rank": rank, "score": 0.0,
         "is_source": name == source, "miner": "m"}
        for rank, name in enumerate(CORPUS["doc_id"], 1)
    )  # fmt: skip
    return SamePool(field=field)(CORPUS, queries, found, Context())["doc_id"]


@pytest.mark.parametrize("source", CORPUS["doc_id"])
def test_a_document_competes_with_those_of_its_own_sort(source: str) -> None:
    """[103]: negatives never come from another task's pool."""
    pools = [{"orders", "users", "notify"}, {"month"}, {"manual", "policy"}]
    assert set(kept(source)) == next(pool for pool in pools if source in pool)


def test_one_field_may_say_what_sort_it_is() -> None:
    """[103]: so it is where pools have the same fields."""
    assert kept("orders", field="Type") == ["orders", "users"]
    assert kept("notify", field="type") == ["notify"]
    assert kept("manual", field="type") == ["manual", "policy"]


def test_a_query_of_no_document_keeps_all() -> None:
    assert kept(None) == CORPUS["doc_id"]
