"""SubstringOverlap: candidates that repeat the query. [029]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import SubstringOverlap
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries

QUERY = "one two three four five"
TEXTS = {
    "source": QUERY,
    "copy": f"zero {QUERY.upper()} six",
    "run": "two three four, and five",
    "pair": "three four, one two",
    "nothing": "other words",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in TEXTS.items())
QUERIES = Queries.of(
    {"query_id": q, "text": t, "source_doc_id": "source", "split": "train"}
    for q, t in (("q", QUERY), ("short", "two three"))
)
FOUND = Candidates.of(
    {
        "query_id": q, "doc_id": d, "rank": r, "score": 0.0,
        "is_source": d == "source", "miner": "m",
    }
    for q in ("q", "short")
    for r, d in enumerate(TEXTS, 1)
)  # fmt: skip


def kept(at_most_words: int, query: str = "q", ctx: Context | None = None) -> list[str]:
    part = SubstringOverlap(at_most_words=at_most_words)
    found = part(CORPUS, QUERIES, FOUND, ctx or Context())
    return found.where("query_id", [query])["doc_id"]


def test_candidates_that_share_a_longer_run_go_and_the_source_stays() -> None:
    """[029]: the longest common substring may have 10; here runs have 5, 3 and 2 words."""
    assert kept(2) == ["source", "pair", "nothing"]
    assert kept(3) == ["source", "run", "pair", "nothing"]
    assert kept(5) == list(TEXTS)
    assert kept(0) == ["source", "nothing"]


def test_a_query_shorter_than_the_bound_loses_nothing() -> None:
    assert kept(2, query="short") == list(TEXTS)


def test_the_note_counts_what_went() -> None:
    ctx = Context()
    kept(4, ctx=ctx)
    assert ctx.notes["dropped"] == {"repeats the query": 1}


def test_a_bound_below_nought_is_refused() -> None:
    with pytest.raises(RecipeError, match="0 or more"):
        SubstringOverlap(at_most_words=-1)
