"""UsageDiversity: what was used often is drawn seldom. [029]"""

from collections import Counter

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import UsageDiversity
from acclimate.parts.miners.usage_diversity import chances
from acclimate.parts.part import Context
from acclimate.testing import behaviour, samples
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]
SAME = {"a": 0.9, "b": 0.8, "c": 0.7, "s": 0.6, "d": 0.5}


def gini(counts: list[int]) -> float:
    """Mean difference of two counts over twice their mean."""
    told = np.asarray(counts, dtype=float)
    return float(np.abs(told[:, None] - told[None]).mean() / (2 * told.mean()))


def test_the_chances_of_three_that_were_used_never_once_and_three_times() -> None:
    """[029]: weights 1, 1/2 and 1/4 of 7/4."""
    assert chances(np.array([0, 1, 3])) == pytest.approx([4 / 7, 2 / 7, 1 / 7])


def test_use_is_spread_evenly_where_the_best_is_the_same_for_all() -> None:
    """[029]: the Gini of use is lower than that of the first of each list, which is always a."""
    miner, corpus, queries = known({f"q{n}": SAME for n in range(40)})
    ctx = Context()
    found = UsageDiversity(miner=miner, count=1)(corpus, queries, STUDENT, ctx)
    counts = Counter(found.where("is_source", [False])["doc_id"])
    assert sum(counts.values()) == 40
    assert gini([counts[d] for d in "abcd"]) < gini([40, 0, 0, 0])
    assert set(counts) == set("abcd")
    # 1 / (1 + n) pulls towards 10 each; drawn evenly the deviation would be 2.7.
    assert all(5 <= count <= 15 for count in counts.values())
    assert ctx.notes["documents drawn"] == 4


def test_the_source_stays_and_is_no_use() -> None:
    miner, corpus, queries = known({"q": SAME})
    found = UsageDiversity(miner=miner, count=9)(corpus, queries, STUDENT, Context())
    assert found_by(found) == {"q": ["a", "b", "c", "s", "d"]}
    two = UsageDiversity(miner=miner, count=1)(corpus, queries, STUDENT, Context())
    assert len(two) == 2
    assert "s" in two["doc_id"]


def test_a_document_is_drawn_once_for_a_query() -> None:
    miner, corpus, queries = known({f"q{n}": SAME for n in range(5)})
    found = UsageDiversity(miner=miner, count=3)(corpus, queries, STUDENT, Context())
    assert all(len(set(docs)) == len(docs) == 4 for docs in found_by(found).values())


def test_to_draw_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        UsageDiversity(count=0)


def test_it_obeys_the_laws_of_miners() -> None:
    behaviour.check_all(UsageDiversity(count=2), folder="miners")
