"""Matryoshka by hand."""

import math

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import ListSoftmaxCE, MarginMSE, Matryoshka
from acclimate.testing import behaviour

QUERIES = torch.tensor([[3.0, 4.0]], dtype=torch.float64)
DOCUMENTS = torch.tensor([[[5.0, 0.0], [0.0, 5.0]]], dtype=torch.float64)
TARGETS, ALL = torch.zeros(1, 2), torch.ones(1, 2, dtype=torch.bool)
LOSS = Matryoshka(loss=ListSoftmaxCE(), dims=(1, 2), weights=(1.0, 1.0))


def test_it_is_the_sum_of_the_losses_of_the_cuts() -> None:
    """Cosines (1, 0) of one dimension, ln(1 + e⁻¹); (.6, .8) of two, ln(1 + e^.2)."""
    expected = math.log(1 + math.exp(-1)) + math.log(1 + math.exp(0.2))
    assert LOSS(QUERIES, DOCUMENTS, TARGETS, ALL).item() == pytest.approx(expected)


def test_each_cut_has_its_weight() -> None:
    loss = Matryoshka(loss=ListSoftmaxCE(), dims=(1, 2), weights=(0.5, 2.0))
    expected = 0.5 * math.log(1 + math.exp(-1)) + 2 * math.log(1 + math.exp(0.2))
    assert loss(QUERIES, DOCUMENTS, TARGETS, ALL).item() == pytest.approx(expected)


def test_vectors_may_keep_their_lengths() -> None:
    """Products (15, 0) of one dimension, (15, 20) of two; margins 15 and −5 against 0."""
    loss = Matryoshka(loss=MarginMSE(), dims=(1, 2), weights=(1.0, 1.0), normalise=False)
    value = loss(QUERIES, DOCUMENTS, TARGETS.double(), ALL)
    assert value.item() == pytest.approx(225 + 25)


def test_targets_and_mask_reach_the_loss() -> None:
    """Margins .6 − .8 against 1; the second query is cut off."""
    loss = Matryoshka(loss=MarginMSE(), dims=(2,), weights=(1.0,))
    targets = torch.tensor([[1.0, 0.0], [9.0, 0.0]], dtype=torch.float64)
    mask = torch.tensor([[True, True], [True, False]])
    value = loss(QUERIES.repeat(2, 1), DOCUMENTS.repeat(2, 1, 1), targets, mask)
    assert value.item() == pytest.approx(1.2**2)


@pytest.mark.parametrize(
    ("dims", "weights", "complaint"),
    [
        ((1, 2), (1.0,), "2 members and 1 weights"),
        ((), (), "0 members"),
        ((0, 2), (1.0, 1.0), "1 dim"),
    ],
)
def test_cuts_without_a_meaning_are_refused(
    dims: tuple[int, ...], weights: tuple[float, ...], complaint: str
) -> None:
    with pytest.raises(RecipeError, match=complaint):
        Matryoshka(loss=MarginMSE(), dims=dims, weights=weights)


def test_a_cut_that_is_longer_than_the_vectors_is_refused() -> None:
    with pytest.raises(RecipeError, match="there are 2 dimensions"):
        Matryoshka(loss=MarginMSE(), dims=(2, 3), weights=(1.0, 1.0))(
            QUERIES, DOCUMENTS, TARGETS, ALL
        )


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
