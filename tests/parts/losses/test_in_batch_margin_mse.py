"""InBatchMarginMSE reproduces [019] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InBatchMarginMSE
from acclimate.testing import behaviour

PLAIN = InBatchMarginMSE()


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES = tensor((3, 1, 0), (1, 0.5, 1))
TARGETS = tensor((4, 1, 0), (2, 1, 0))
ALL = torch.ones(2, 3, dtype=torch.bool)


def test_own_margins_and_three_quarters_of_the_others() -> None:
    """[019]: own ((2 − 3)² + (.5 − 1)²) / 2 = .625; others ((3 − 4)² + (0 − 2)²) / 2 = 2.5."""
    assert PLAIN(SCORES, TARGETS, ALL).item() == pytest.approx(0.625 + 0.75 * 2.5)


def test_without_documents_of_others_it_is_margin_mse() -> None:
    """[019]: 0.625."""
    value = PLAIN(SCORES[:, :2], TARGETS[:, :2], ALL[:, :2])
    assert value.item() == pytest.approx(0.625)


def test_own_says_which_columns_are_the_querys_own() -> None:
    """Margins off by 1 and 1 own: mean 1 and (.25 + 4) / 2; nothing else: 1.5625."""
    value = InBatchMarginMSE(own=3, weight=100)(SCORES, TARGETS, ALL)
    assert value.item() == pytest.approx((1 + 2.125) / 2)


def test_the_weight_is_of_the_others() -> None:
    value = InBatchMarginMSE(weight=0.1)(SCORES, TARGETS, ALL)
    assert value.item() == pytest.approx(0.875)


def test_where_the_teacher_gives_no_value_the_mask_is_false() -> None:
    """Others: the first query alone, off by 1."""
    mask = ALL.clone()
    mask[1, 2] = False
    assert PLAIN(SCORES, TARGETS, mask).item() == pytest.approx(0.625 + 0.75)
    mask[1, 1] = False
    assert PLAIN.counts(TARGETS, mask).tolist() == [True, False]


def test_one_document_makes_no_margin() -> None:
    with pytest.raises(RecipeError, match="2 documents"):
        InBatchMarginMSE(own=1)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(InBatchMarginMSE(own=3), folder="losses")
    assert PLAIN.in_batch
    assert PLAIN.compares_units
    assert PLAIN.zero_at_teacher
