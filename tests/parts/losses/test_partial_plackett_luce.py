"""PartialPlackettLuce reproduces [016] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InfoNCE, PartialPlackettLuce
from acclimate.testing import behaviour

PLAIN = PartialPlackettLuce(temperature=1.0)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES = tensor((3, 1, 2, 0), (0.5, 2.5, 1, 1.5))  # columns: preferred, preferred, rejected, …
PLACES = tensor((2, 0, 1, 0), (0, 2, 0, 1))
ALL = torch.ones(2, 4, dtype=torch.bool)


def test_the_value_of_syntriever() -> None:
    """[016]: preferred before rejected before the rest of the batch: 1.037036."""
    assert PLAIN(SCORES, PLACES, ALL).item() == pytest.approx(1.037036, abs=5e-7)


def test_its_first_factor_is_info_nce() -> None:
    """[016]: 0.493098, where only the preferred document has a place."""
    first = tensor((2, 0, 0, 0), (0, 2, 0, 0))
    assert PLAIN(SCORES, first, ALL).item() == pytest.approx(0.493098, abs=5e-7)
    expected = InfoNCE(temperature=1.0)(SCORES, first, ALL).item()
    assert PLAIN(SCORES, first, ALL).item() == pytest.approx(expected)


def test_three_places_take_turns() -> None:
    """(3, 1, 2, 0) in the order 3 ≻ 1 ≻ 2 ≻ rest: 0.440190 + 1.407606 + ln(1 + e⁻²)."""
    value = PLAIN(SCORES[:1], tensor((3, 2, 1, -4)), ALL[:1])
    assert value.item() == pytest.approx(0.440190 + 1.407606 + 0.126928, abs=2e-6)


def test_of_equal_targets_the_earlier_column_comes_first() -> None:
    scores = tensor((1, 0, 5))
    first = PLAIN(scores, tensor((1, 1, 0)), ALL[:1, :3])
    expected = PLAIN(scores, tensor((2, 1, 0)), ALL[:1, :3])
    assert first.item() == pytest.approx(expected.item())


def test_the_temperature_divides() -> None:
    value = PartialPlackettLuce()(SCORES / 20, PLACES, ALL)
    assert value.item() == pytest.approx(1.037036, abs=5e-7)


def test_masked_documents_have_no_place_and_no_probability() -> None:
    """Of (3, 1, 2, ·) the second is hidden: 3 ≻ 2: ln(1 + e⁻¹), then nothing is left."""
    scores = tensor((3, float("nan"), 2, 90)).requires_grad_()
    mask = torch.tensor([[True, False, True, False]])
    value = PLAIN(scores, tensor((2, 5, 1, 0)), mask)
    value.backward()
    assert value.item() == pytest.approx(0.313262, abs=5e-7)
    assert scores.grad is not None
    assert scores.grad[0, [1, 3]].tolist() == [0, 0]


def test_the_mean_is_over_queries_with_a_place() -> None:
    scores, mask = torch.cat([SCORES, SCORES]), torch.ones(4, 4, dtype=torch.bool)
    places = torch.cat([PLACES, tensor((0, 0, 0, 0), (1, 0, -1, 0))])
    mask[3, 0] = False
    assert PLAIN(scores, places, mask).item() == pytest.approx(1.037036, abs=5e-7)
    assert PLAIN.counts(places, mask).tolist() == [True, True, False, False]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        PartialPlackettLuce(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(PartialPlackettLuce(temperature=1.0, in_batch=False), folder="losses")
