"""PairwiseCE, on scores as those of late interaction, by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import PairwiseCE
from acclimate.testing import behaviour

PAIRS = PairwiseCE()
WITH_BATCH = PairwiseCE(own=2)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def every(scores: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(scores, dtype=torch.bool)


def test_the_pair_of_a_document_of_maxsim_1_8_and_one_of_1() -> None:
    """MaxSim of I₂ with (.6, .8), (1, 0) is 1 + .8 = 1.8; ln(1 + e^(1 − 1.8)) = 0.371101."""
    query, document = torch.eye(2), torch.tensor([[0.6, 0.8], [1.0, 0.0]])
    maxsim = (query @ document.T).max(dim=1).values.sum()
    assert maxsim.item() == pytest.approx(1.8)
    scores = torch.stack([maxsim, torch.tensor(1.0)])[None].double()
    assert PAIRS(scores, scores, every(scores)).item() == pytest.approx(0.371101, abs=5e-7)


def test_it_is_the_cross_entropy_of_relevant_and_other_document() -> None:
    """−ln(e² / (e² + e⁰)) = 0.126928."""
    scores = tensor((2, 0))
    assert PAIRS(scores, scores, every(scores)).item() == pytest.approx(0.126928, abs=5e-7)


def test_each_other_document_is_a_pair_of_its_own() -> None:
    """(ln(1 + e⁻²) + ln(1 + e⁻¹)) / 2 = (0.126928 + 0.313262) / 2."""
    scores = tensor((2, 0, 1))
    assert PAIRS(scores, scores, every(scores)).item() == pytest.approx(0.220095, abs=5e-7)


def test_the_term_of_the_batch_has_all_documents_in_its_sum() -> None:
    """Own pair ln(1 + e⁻²) = 0.126928, batch ln(e² + e⁰ + e¹) − 2 = 0.407606, with weight ½."""
    scores = tensor((2, 0, 1))
    assert WITH_BATCH(scores, scores, every(scores)).item() == pytest.approx(0.534534, abs=5e-7)
    half = PairwiseCE(own=2, weight=0.5)
    assert half(scores, scores, every(scores)).item() == pytest.approx(0.330731, abs=5e-7)


def test_a_query_without_another_document_of_its_own_has_the_term_of_the_batch() -> None:
    """ln(1 + e⁻¹) of (2, · | 1)."""
    scores, mask = tensor((2, 0, 1)), torch.tensor([[True, False, True]])
    assert WITH_BATCH(scores, scores, mask).item() == pytest.approx(0.313262, abs=5e-7)


def test_own_says_how_many_columns_make_pairs() -> None:
    """Pairs with 0 and 1: 0.220095; batch ln(e² + e⁰ + e¹ + e⁻¹) − 2 = 0.440190."""
    scores = tensor((2, 0, 1, -1))
    value = PairwiseCE(own=3)(scores, scores, every(scores))
    assert value.item() == pytest.approx(0.660285, abs=5e-7)


def test_the_temperature_divides() -> None:
    """Scores (0.1, 0) at 0.05 are logits (2, 0)."""
    scores = tensor((0.1, 0))
    value = PairwiseCE(temperature=0.05)(scores, scores, every(scores))
    assert value.item() == pytest.approx(0.126928, abs=5e-7)


def test_the_mean_is_over_queries_with_their_source_and_another() -> None:
    """0.126928 with one pair of two, ln 2 in the second query: the mean is 0.410038."""
    scores = tensor((2, 0, float("nan")), (1, 1, 1), (9, 1, 1), (1, 9, 9)).requires_grad_()
    mask = torch.ones(4, 3, dtype=torch.bool)
    mask[0, 2] = mask[2, 0] = mask[3, 1:] = False
    value = PAIRS(scores, torch.zeros(4, 3), mask)
    value.backward()
    assert value.item() == pytest.approx(0.410038, abs=5e-7)
    assert PAIRS.counts(scores, mask).tolist() == [True, True, False, False]
    assert scores.grad is not None
    assert scores.grad[0, 2] == 0
    assert not scores.grad[2:].any()


def test_it_looks_at_the_batch_only_with_own() -> None:
    assert WITH_BATCH.in_batch
    assert not PAIRS.in_batch


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"own": 1}])
def test_settings_without_a_meaning_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match=r"above 0|2 documents"):
        PairwiseCE(**settings)


@pytest.mark.parametrize("loss", [PAIRS, WITH_BATCH, PairwiseCE(own=3)], ids=repr)
def test_it_obeys_the_laws_of_losses(loss: PairwiseCE) -> None:
    behaviour.check_all(loss, folder="losses")
