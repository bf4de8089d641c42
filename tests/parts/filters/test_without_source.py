"""WithoutSource: other documents only."""

from acclimate.parts.filters import WithoutSource
from acclimate.parts.part import Context
from acclimate.tables import Candidates


def _row(query: str, doc: str, rank: int, *, source: bool) -> dict[str, object]:
    return {
        "query_id": query, "doc_id": doc, "rank": rank, "score": 1.0 / rank,
        "is_source": source, "miner": "m",
    }  # fmt: skip


def test_drops_each_querys_own_source_and_nothing_else() -> None:
    """[017] excludes the passage the query came from; [020] the source is never a candidate."""
    found = Candidates.of([
        _row("q1", "a", 1, source=True), _row("q1", "b", 2, source=False),
        _row("q2", "b", 1, source=True), _row("q2", "a", 2, source=False),
        _row("log", "a", 1, source=False),
    ])  # fmt: skip
    ctx = Context()
    kept = WithoutSource()(found, ctx)
    assert list(zip(kept["query_id"], kept["doc_id"], strict=True)) == [
        ("q1", "b"), ("q2", "a"), ("log", "a"),
    ]  # fmt: skip
    assert sum(ctx.notes["dropped"].values()) == 2
