"""L1 reproduces [057] by hand."""

import pytest
import torch

from acclimate.parts.losses import L1
from acclimate.testing import behaviour

LOSS = L1()


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_the_value_of_splade() -> None:
    """[057]: (1 + 0 + 2 + 3 + 0 + 0) / 2 = 3."""
    value = LOSS(tensor((1, 0, 2), (3, 0, 0)), torch.tensor([True, True]))
    assert value.item() == pytest.approx(3.0)


def test_the_sign_of_a_weight_does_not_matter() -> None:
    value = LOSS(tensor((1, 0, -2), (-3, 0, 0)), torch.tensor([True, True]))
    assert value.item() == pytest.approx(3.0)


def test_a_text_that_does_not_count_is_not_in_the_mean() -> None:
    weights = tensor((1, 0, 2), (3, 0, 0), (9, 9, 9))
    assert LOSS(weights, torch.tensor([True, True, False])).item() == pytest.approx(3.0)
    assert LOSS(weights, torch.tensor([False] * 3)).item() == 0


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
