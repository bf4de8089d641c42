"""Sample: a few of each query's candidates, the source always. [P1]"""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.filters import Sample
from acclimate.parts.part import Context
from acclimate.tables import Candidates


def candidates_of(queries, depth, source=True):
    return Candidates.of(
        {
            "query_id": f"q{q}",
            "doc_id": f"d{rank}",
            "rank": rank,
            "score": -rank,
            "is_source": source and rank == 2,
            "miner": "m",
        }
        for q in range(queries)
        for rank in range(1, depth + 1)
    )


def test_each_query_keeps_its_source_and_so_many_others():
    ctx = Context()
    kept = Sample(per_query=3)(candidates_of(20, 10), ctx)
    assert Counter(kept["query_id"]) == {f"q{q}": 4 for q in range(20)}
    assert sum(kept["is_source"]) == 20
    assert ctx.notes["dropped"] == {"not drawn": 20 * 6}


def test_queries_without_a_source_keep_so_many():
    assert len(Sample(per_query=3)(candidates_of(2, 10, source=False), Context())) == 6


def test_every_candidate_is_drawn_about_as_often():
    kept = Sample(per_query=5)(candidates_of(2_000, 11), Context()).where("is_source", [False])
    counts = Counter(kept["doc_id"])
    assert len(counts) == 10
    assert all(900 < count < 1_100 for count in counts.values())  # 1,000 ± 22


@settings(max_examples=30)
@given(st.randoms(), st.integers(0, 6))
def test_the_draw_depends_on_ids_alone(random, per_query):
    given_ = candidates_of(4, 6)
    order = list(range(len(given_)))
    random.shuffle(order)
    shuffled = given_.take(order)
    part = Sample(per_query=per_query)
    keys = [
        set(zip(t["query_id"], t["doc_id"], strict=True))
        for t in (part(given_, Context()), part(shuffled, Context()))
    ]
    assert keys[0] == keys[1]


def test_sampling_twice_changes_nothing():
    part = Sample(per_query=3)
    once = part(candidates_of(5, 10), Context())
    assert part(once, Context()).digest == once.digest


def test_rows_and_their_order_stay():
    given_ = candidates_of(5, 10)
    kept = Sample(per_query=3)(given_, Context())
    whole = [tuple(r.values()) for r in given_.dicts()]
    places = [whole.index(tuple(r.values())) for r in kept.dicts()]
    assert np.all(np.diff(places) > 0)


def test_another_seed_draws_others():
    one, other = (
        Sample(per_query=3)(candidates_of(5, 10), Context(seed=s))["doc_id"] for s in (0, 1)
    )
    assert one != other


def test_a_negative_count_is_refused():
    with pytest.raises(RecipeError, match="0 or more"):
        Sample(per_query=-1)
