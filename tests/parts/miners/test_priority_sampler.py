"""PrioritySampler: each document once, with weights that make sums unbiased. [005]"""

from math import log

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import PrioritySampler
from acclimate.parts.miners._lists import Lists
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]
P = {"a": 0.4, "b": 0.3, "s": 0.15, "c": 0.1, "d": 0.05}
H = {"a": 1.0, "b": -2.0, "s": 5.0, "c": 7.0, "d": 30.0}
DRAWS = 20_000


def test_the_weighted_sum_is_that_of_the_whole_list_on_the_mean() -> None:
    """[005] Unnormalised estimates of Σ p · h over 20,000 draws: within 3 standard errors."""
    scores = {document: log(p) for document, p in P.items()}
    miner, corpus, queries = known({f"q{n}": scores for n in range(DRAWS)})
    lists = Lists.of(miner(corpus, queries, Context()))
    part = PrioritySampler(miner=miner, count=2, temperature=1.0)
    taken, weight = part.weighted(lists, key=1)
    h = np.tile(list(H.values()), DRAWS)
    sums = np.bincount(lists.query, weights=np.where(taken, np.exp(weight) * h, 0.0))
    truth = sum(P[d] * H[d] for d in P)
    assert abs(sums.mean() - truth) < 3 * sums.std() / np.sqrt(DRAWS)
    assert (np.bincount(lists.query, weights=taken) == 3).all()  # two and the source


def test_a_document_weighs_its_probability_or_the_bar() -> None:
    """weight = max(p, τ), with τ the highest p / u that was not taken."""
    scores = {document: log(p) for document, p in P.items()}
    miner, corpus, queries = known({"q": scores})
    lists = Lists.of(miner(corpus, queries, Context()))
    taken, weight = PrioritySampler(miner=miner, count=2, temperature=1.0).weighted(lists, key=3)
    p = np.array(list(P.values()))
    priority = p / lists.luck(3)
    left = ~taken
    assert priority[taken & lists.others].min() >= priority[left].max()
    expected = np.where(lists.source, p, np.maximum(p, priority[left].max()))
    assert np.exp(weight[taken]) == pytest.approx(expected[taken], rel=1e-5)


def test_where_all_are_taken_weights_are_the_probabilities() -> None:
    scores = {document: log(p) for document, p in P.items()}
    miner, corpus, queries = known({"q": scores})
    part = PrioritySampler(miner=miner, count=9, temperature=1.0)
    found = part(corpus, queries, STUDENT, Context())
    assert found_by(found) == {"q": ["a", "b", "s", "c", "d"]}
    assert np.exp(found["score"]) == pytest.approx(list(P.values()), rel=1e-5)


def test_scores_are_logarithms_of_shares() -> None:
    lists = {f"q{n}": {"s": 0.5, "a": 0.6, "b": 0.4, "c": 0.1} for n in range(5)}
    miner, corpus, queries = known(lists)
    found = PrioritySampler(miner=miner, count=2)(corpus, queries, STUDENT, Context())
    for query in lists:
        rows = found.where("query_id", [query])
        assert sum(np.exp(rows["score"])) == pytest.approx(1, rel=1e-5)
        assert len(rows) == 3
        assert rows["rank"] == [1, 2, 3]


@pytest.mark.parametrize("settings", [{"count": 0}, {"temperature": 0.0}], ids=["count", "none"])
def test_no_draw_and_no_softmax_are_refused(settings) -> None:
    with pytest.raises(RecipeError, match="temperature above 0"):
        PrioritySampler(**settings)
