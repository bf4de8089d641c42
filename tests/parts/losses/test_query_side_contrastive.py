"""QuerySideContrastive reproduces [053] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import QuerySideContrastive
from acclimate.testing import behaviour

PICKS = QuerySideContrastive()
HINGE = QuerySideContrastive(kind="hinge", margin=1.5)
DOT = QuerySideContrastive(kind="dot")


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES = tensor((2, 1))
PAIR = torch.ones(1, 2, dtype=torch.bool)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (PICKS, 0.313262),
        (HINGE, 0.5),
        (QuerySideContrastive(kind="hinge", margin=0.0), 0.0),
        (DOT, 1.0),
    ],
    ids=repr,
)
def test_a_paraphrase_of_2_and_an_edit_of_1(loss: QuerySideContrastive, expected: float) -> None:
    """[053]: ln(1 + e⁻¹); max(0, 1.5 − 2 + 1); max(0, 0 − 2 + 1); 1."""
    assert loss(SCORES, SCORES, PAIR).item() == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(("loss", "expected"), [(PICKS, 0.407606), (HINGE, 0.25), (DOT, 0.5)])
def test_several_edits(loss: QuerySideContrastive, expected: float) -> None:
    """ln(e² + e + 1) − 2; (.5 + 0) / 2; (1 + 0) / 2."""
    scores = tensor((2, 1, 0))
    mask = torch.ones(1, 3, dtype=torch.bool)
    assert loss(scores, scores, mask).item() == pytest.approx(expected, abs=5e-7)


def test_the_temperature_divides_what_is_picked() -> None:
    value = QuerySideContrastive(temperature=0.05)(SCORES * 0.05, SCORES, PAIR)
    assert value.item() == pytest.approx(0.313262, abs=5e-7)


@pytest.mark.parametrize(
    ("loss", "expected", "counts"),
    [
        (PICKS, (0.313262 + 0.693147) / 2, [True, True, False, False]),
        (HINGE, (0.5 + 1.5) / 2, [True, True, False, False]),
        (DOT, (1 + 3 + 7) / 3, [True, True, False, True]),
    ],
    ids=repr,
)
def test_questions_without_other_questions_add_nothing(
    loss: QuerySideContrastive, expected: float, counts: list[bool]
) -> None:
    """[053]: of the last two, one has no edit and one no paraphrase, which only "dot" does not
    need."""
    scores = tensor((2, 1, float("nan")), (3, 3, 9), (5, 5, 5), (9, 7, 9)).requires_grad_()
    mask = torch.tensor([[True, True, False]] * 2 + [[True, False, False], [False, True, False]])
    value = loss(scores, torch.zeros(4, 3), mask)
    value.backward()
    assert value.item() == pytest.approx(expected, abs=5e-7)
    assert loss.counts(scores, mask).tolist() == counts
    assert scores.grad is not None
    assert not scores.grad[2].any()
    assert not scores.grad[:, 2].any()


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        QuerySideContrastive(temperature=0.0)


@pytest.mark.parametrize("loss", [PICKS, HINGE, DOT], ids=repr)
def test_it_obeys_the_laws_of_losses(loss: QuerySideContrastive) -> None:
    behaviour.check_all(loss, folder="losses")
    assert not loss.in_batch
