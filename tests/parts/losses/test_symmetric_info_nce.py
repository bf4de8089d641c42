"""SymmetricInfoNCE reproduces [021] and [096] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import SymmetricInfoNCE
from acclimate.testing import behaviour

ALL = torch.ones(2, 2, dtype=torch.bool)
SCORES = torch.tensor([[2.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
CLICKS = torch.tensor([[1.0, 0.0], [0.0, 3.0]], dtype=torch.float64)
EYE = torch.eye(2, dtype=torch.float64)


def loss(**settings: float) -> SymmetricInfoNCE:
    return SymmetricInfoNCE(**{"temperature": 1.0, **settings})


def test_the_value_of_biocpt() -> None:
    """[096]: clicks (1, 3) weigh log2(2) = 1 and log2(4) = 2: .8 · .50441 + .2 · .31326."""
    weights = (CLICKS + 1).log2()
    value = loss(share=0.8, weighted=True)(SCORES, weights, ALL)
    assert value.item() == pytest.approx(0.46618, abs=5e-6)


def test_all_for_the_direction_from_query_to_document() -> None:
    """[096]: (1 · ln(1 + e⁻²) + 2 · ln 2) / 3 = 0.504407."""
    value = loss(share=1.0, weighted=True)(SCORES, EYE * torch.tensor([1.0, 2.0]), ALL)
    assert value.item() == pytest.approx(0.504407, abs=5e-7)


def test_all_for_the_direction_from_document_to_query() -> None:
    """Columns (2, 1) and (0, 1): both cost ln(1 + e⁻¹) = 0.313262."""
    assert loss(share=0.0)(SCORES, EYE, ALL).item() == pytest.approx(0.313262, abs=5e-7)


def test_without_weights_a_target_only_says_what_is_relevant() -> None:
    """(ln(1 + e⁻²) + ln 2) / 2 = (0.126928 + 0.693147) / 2."""
    value = loss(share=1.0)(SCORES, CLICKS, ALL)
    assert value.item() == pytest.approx(0.410038, abs=5e-7)


def test_halves_are_the_mean_of_both_directions() -> None:
    """[021]: of the cross-entropies of rows and of columns."""
    places = torch.arange(2)
    rows, columns = (torch.nn.functional.cross_entropy(s, places) for s in (SCORES, SCORES.T))
    assert loss()(SCORES, EYE, ALL).item() == pytest.approx((rows + columns).item() / 2)
    assert loss()(SCORES, EYE, ALL).item() == pytest.approx((0.410038 + 0.313262) / 2, abs=1e-6)


def test_a_batch_turned_round_with_the_share_turned_round_costs_the_same() -> None:
    scores = torch.tensor([[2.0, 0.0, 1.0], [0.5, 1.0, -1.0]], dtype=torch.float64)
    targets = torch.tensor([[1.0, 0, 0], [0, 1, 1]], dtype=torch.float64)
    mask = torch.tensor([[True, True, True], [True, True, True]])
    there = loss(share=0.8)(scores, targets, mask)
    back = loss(share=0.2)(scores.T, targets.T, mask.T)
    assert there.item() == pytest.approx(back.item())


def test_the_temperature_divides() -> None:
    value = SymmetricInfoNCE(temperature=0.05)(SCORES * 0.05, EYE, ALL)
    assert value.item() == pytest.approx(loss()(SCORES, EYE, ALL).item())


def test_a_query_without_relevant_documents_is_still_an_alternative() -> None:
    """Only the pair (0, 0): its query ln(1 + e⁻²), its document ln(1 + e⁻¹)."""
    targets = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
    value = loss(share=0.5)(SCORES, targets, ALL)
    assert value.item() == pytest.approx((0.126928 + 0.313262) / 2, abs=1e-6)
    assert loss().counts(targets, ALL).tolist() == [True, False]
    assert loss().counts(EYE, EYE < 1).tolist() == [False, False]


def test_queries_count_and_not_documents() -> None:
    targets = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert loss().counts(targets, targets < 5).tolist() == [True, False]


def test_weights_may_be_small() -> None:
    """One pair of weight ¼ costs what it costs with weight 1."""
    first = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
    value = loss(weighted=True)(SCORES, first / 4, ALL)
    assert value.item() == pytest.approx(loss()(SCORES, first, ALL).item())


def test_a_masked_pair_takes_no_probability() -> None:
    mask = torch.tensor([[True, False], [True, True]])
    scores = torch.tensor([[2.0, float("nan")], [1.0, 1.0]], dtype=torch.float64)
    value = loss(share=1.0)(scores, torch.tensor([[1.0, 1.0], [0.0, 0.0]]), mask)
    assert value.item() == 0


def test_no_relevant_pair_is_no_loss() -> None:
    scores = SCORES.clone().requires_grad_()
    value = loss(weighted=True)(scores, EYE * 0, ALL)
    value.backward()
    assert value.item() == 0
    assert scores.grad is not None
    assert not scores.grad.any()


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"share": 1.5}, {"share": -0.1}])
def test_settings_without_a_meaning_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        loss(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(loss(), folder="losses")
    behaviour.check_all(loss(share=0.8), folder="losses")


def test_it_looks_at_the_whole_batch_in_columns_that_are_the_same_for_all() -> None:
    assert loss().in_batch
    assert loss().shared
