"""Weights of a fusion, fitted without judgements."""

import numpy as np
import pytest

from acclimate.parts.labellers.weights import fit_weights, reciprocal_ranks

ALL = np.ones((1, 3), dtype=bool)


def test_the_rank_of_the_source_by_hand() -> None:
    """Sums 1·1 + 2·0 = 1, 1·0 + 2·1 = 2, 0: the source at place 0 is second."""
    scores = np.array([[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]])
    assert reciprocal_ranks(scores, ALL, np.array([0]), (1.0, 2.0)).tolist() == [0.5]
    assert reciprocal_ranks(scores, ALL, np.array([0]), (2.0, 1.0)).tolist() == [1.0]


def test_ties_count_against_the_source_and_padding_does_not() -> None:
    scores = np.zeros((1, 3, 1))
    assert reciprocal_ranks(scores, ALL, np.array([0]), (1.0,)).tolist() == [1 / 3]
    mask = np.array([[True, True, False]])
    assert reciprocal_ranks(scores, mask, np.array([0]), (1.0,)).tolist() == [0.5]


def drawn(queries: int, useful: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scorer 0 sees the source as the prior says, scorer 1 sees `useful` of it, the rest noise."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(queries, 10, 2))
    scores[:, 0, 0] += 1
    scores[:, 0, 1] += useful
    return scores, np.ones((queries, 10), dtype=bool), np.zeros(queries, dtype=np.int64)


def test_a_scorer_that_finds_the_source_gets_more_weight() -> None:
    assert fit_weights(*drawn(400, useful=2.0), (1.0, 0.5)) == (1.0, 1.0)


def test_a_scorer_of_noise_is_switched_off() -> None:
    assert fit_weights(*drawn(400, useful=0.0), (1.0, 1.0)) == (1.0, 0.0)


def test_a_few_queries_prove_nothing() -> None:
    assert fit_weights(*drawn(4, useful=2.0), (1.0, 0.5)) == (1.0, 0.5)


@pytest.mark.parametrize("sources", [[-1, -1], [0, -1]])
def test_without_sources_the_prior_stays(sources: list[int]) -> None:
    scores = np.random.default_rng(0).normal(size=(2, 3, 2))
    mask = np.ones((2, 3), dtype=bool)
    assert fit_weights(scores, mask, np.array(sources), (1.0, 0.5)) == (1.0, 0.5)
