"""NearDuplicates: of queries that are nearly the same, one."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._near import jaccard, runs
from acclimate.parts.filters import NearDuplicates
from acclimate.parts.part import Context
from acclimate.tables import Queries

TYRE = "how do I mend a bicycle tyre"


def kept(texts, ctx=None, **settings):
    queries = Queries.of({"query_id": t, "text": t, "split": "train"} for t in texts)
    return NearDuplicates(**settings)(queries, ctx or Context())["text"]


def test_a_query_that_differs_by_a_word_goes():
    assert jaccard(runs(TYRE, 4), runs(TYRE + " now", 4)) == 25 / 29
    ctx = Context()
    assert kept([TYRE, TYRE + " now", "bees"], ctx) == [TYRE, "bees"]
    assert ctx.notes["dropped"] == {"near-duplicate of an earlier query": 1}


def test_below_the_threshold_it_stays():
    assert len(kept([TYRE, TYRE + " now"], threshold=0.9)) == 2


def test_a_chain_of_likenesses_is_not_one_group():
    # b is like a, and c like b, but c is not like a, which is the one that was kept
    a, b, c = ("abcdefghijklmnopqrstuvwxyz"[i : i + 20] for i in (0, 2, 4))
    assert jaccard(runs(a, 4), runs(b, 4)) == 15 / 19
    assert jaccard(runs(a, 4), runs(c, 4)) == 13 / 21
    assert kept([a, b, c], threshold=0.75) == [a, c]


def test_filtering_twice_changes_nothing():
    texts = [
        f"how do I mend a {what} tyre{when}"
        for what in ("bicycle", "car", "big")
        for when in ("", " now", " today")
    ]
    once = kept(texts)
    assert kept(once) == once
    assert len(once) < len(texts)


@pytest.mark.parametrize("threshold", [0, 1.5])
def test_a_threshold_out_of_range_is_refused(threshold):
    with pytest.raises(RecipeError, match="above 0 and up to 1"):
        NearDuplicates(threshold=threshold)
