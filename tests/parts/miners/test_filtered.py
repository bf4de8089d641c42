"""Filtered: filters look at all that was found, and a draw then has the rest."""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.filters import ExactDuplicates, SubstringOverlap, WithoutSource
from acclimate.parts.miners import Filtered, RandomDocuments, UsageDiversity
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import samples

STUDENT: Student = samples.things()[Student]
TEXTS = {
    "s": "the answer",
    "a": "warm milk and bread",
    "b": "so warm milk and bread",
    "c": "cheese",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": text} for d, text in TEXTS.items())
QUERIES = Queries.of(
    [{"query_id": "q", "text": "warm milk and bread", "source_doc_id": "s", "split": "train"}]
)
ALL = RandomDocuments(count=3)
NO_COPIES = (SubstringOverlap(at_most_words=2),)


def test_what_a_filter_drops_is_not_there_and_ranks_have_no_gaps() -> None:
    ctx = Context()
    found = Filtered(miner=ALL, filters=NO_COPIES)(CORPUS, QUERIES, STUDENT, ctx)
    assert found["doc_id"] == ["s", "c"]
    assert found["rank"] == [1, 2]
    assert ctx.notes["filters"] == [
        {"filter": "SubstringOverlap", "dropped": {"repeats the query": 2}}
    ]


def test_filters_come_one_after_the_other() -> None:
    part = Filtered(miner=ALL, filters=(*NO_COPIES, WithoutSource()))
    assert part(CORPUS, QUERIES, STUDENT, Context())["doc_id"] == ["c"]


def test_a_draw_behind_it_is_of_what_stays() -> None:
    """Of three documents two repeat the query: a draw of one is always the third."""
    drawn = UsageDiversity(miner=Filtered(miner=ALL, filters=NO_COPIES), count=1)
    for seed in range(8):
        assert drawn(CORPUS, QUERIES, STUDENT, Context(seed=seed))["doc_id"] == ["s", "c"]


def test_filters_of_other_things_are_refused() -> None:
    with pytest.raises(RecipeError, match=r"ExactDuplicates\(\) gives Queries"):
        Filtered(filters=(ExactDuplicates(),))
