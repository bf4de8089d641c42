"""Flops reproduces [057] and [097] by hand."""

import pytest
import torch

from acclimate.parts.losses import Flops
from acclimate.testing import behaviour

LOSS = Flops()


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_the_value_of_splade() -> None:
    """[057]: (1, 0, 2) and (3, 0, 0) have means (2, 0, 1): 4 + 0 + 1 = 5."""
    value = LOSS(tensor((1, 0, 2), (3, 0, 0)), torch.tensor([True, True]))
    assert value.item() == pytest.approx(5.0)


def test_the_value_of_the_transposed_adaptation() -> None:
    """[097]: rows (ln 3, 0, .5), (0, 1, .5): .5493² + .5² + .5² = 0.80174."""
    value = LOSS(tensor((1.0986, 0, 0.5), (0, 1, 0.5)), torch.tensor([True, True]))
    assert value.item() == pytest.approx(0.80174, abs=2e-5)


def test_the_sign_of_a_weight_does_not_matter() -> None:
    """Means of absolute values (2, 1)."""
    value = LOSS(tensor((1, -2), (-3, 0)), torch.tensor([True, True]))
    assert value.item() == pytest.approx(5.0)


def test_a_text_that_does_not_count_is_not_in_the_mean() -> None:
    """(2, 0) alone: 4; of no text: 0."""
    weights = tensor((2, 0), (float("nan"), 9))
    assert LOSS(weights, torch.tensor([True, False])).item() == pytest.approx(4.0)
    assert LOSS(weights, torch.tensor([False, False])).item() == 0


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")


@pytest.mark.integration
def test_it_is_the_loss_of_sentence_transformers() -> None:
    from sentence_transformers.sparse_encoder.losses import FlopsLoss

    weights = torch.rand(5, 7, generator=torch.manual_seed(0))
    expected = FlopsLoss(None).compute_loss_from_embeddings(weights)  # type: ignore[arg-type]
    value = LOSS(weights, torch.ones(5, dtype=torch.bool))
    assert value.item() == pytest.approx(expected.item(), rel=1e-5)
