"""AnswerLeak: no negatives that hold the answer. [109] [114]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import AnswerLeak
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries

TEXTS = {
    "source": "The bridge was opened in 1932 by the mayor.",
    "year": "In 1932 the river froze.",
    "none": "The mayor opened a school.",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in TEXTS.items())
QUERIES = Queries.of(
    {"query_id": q, "text": t, "source_doc_id": "source", "split": "train"}
    for q, t in (("masked", "The bridge was opened in [MASK] by the mayor"), ("plain", "bridge"))
)
FOUND = Candidates.of(
    {
        "query_id": q, "doc_id": d, "rank": r, "score": 0.0,
        "is_source": d == "source", "miner": "m",
    }
    for q in ("masked", "plain")
    for r, d in enumerate(TEXTS, 1)
)  # fmt: skip


def test_what_holds_the_answer_goes_and_the_source_stays() -> None:
    """[114]: negatives must not contain the answer. [109]: ranks without any answers."""
    ctx = Context()
    kept = AnswerLeak()(CORPUS, QUERIES, FOUND, ctx)
    assert list(zip(kept["query_id"], kept["doc_id"], strict=True)) == [
        ("masked", "source"), ("masked", "none"), *[("plain", d) for d in TEXTS],
    ]  # fmt: skip
    assert ctx.notes["dropped"] == {"holds the answer": 1}


def test_ranks_stay_as_they_were() -> None:
    assert AnswerLeak()(CORPUS, QUERIES, FOUND, Context())["rank"] == [1, 3, 1, 2, 3]


def test_a_mask_that_cannot_be_seen_is_refused() -> None:
    with pytest.raises(RecipeError, match="finds no answer"):
        AnswerLeak(mask="")
