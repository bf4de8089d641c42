"""AdversarialReward reproduces [018] by hand."""

from math import log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import AdversarialReward
from acclimate.testing import behaviour

ADVERSARIAL = AdversarialReward(share=1.0, student_temperature=1.0)
DISTRIBUTION = AdversarialReward(share=0.0, student_temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


RETRIEVER, RANKER = tensor((1, 1, 0)), tensor((2, 1, 0))


def test_the_adversarial_part_of_ar2() -> None:
    """[018]: rewards −0.693147, −0.313262, −0.126928; ln p −0.861995 twice and −1.861995."""
    assert ADVERSARIAL(RETRIEVER, RANKER, ALL).item() == pytest.approx(1.103858, abs=1e-6)


def test_the_distribution_of_ar2() -> None:
    """[018]: q = (0.665241, 0.244728, 0.090031): 0.861995 + 0.090031."""
    assert DISTRIBUTION(RETRIEVER, RANKER, ALL).item() == pytest.approx(0.952025, abs=1e-6)


def test_the_share_is_of_the_adversarial_part() -> None:
    loss = AdversarialReward(share=0.25, student_temperature=1.0)(RETRIEVER, RANKER, ALL)
    assert loss.item() == pytest.approx(0.25 * 1.103858 + 0.75 * 0.952025, abs=1e-6)


def test_what_fools_the_ranker_more_gains_more() -> None:
    """[018]: of two documents the retriever finds equal, the one the ranker scores higher."""
    scores = tensor((0, 0, 0)).requires_grad_()
    ADVERSARIAL(scores, tensor((2, 3, 0)), ALL).backward()
    assert scores.grad is not None
    _, fools, other = scores.grad[0].tolist()
    assert fools < 0 < other


def test_the_ranker_is_asked_against_the_source_which_is_column_0() -> None:
    """Rewards ln ½ and ln σ(−2 − 0): the source at −2, the other at 0; p = (½, ½)."""
    loss = ADVERSARIAL(tensor((5, 5)), tensor((-2, 0)), ALL[:, :2])
    assert loss.item() == pytest.approx(log(2) * (log(2) + 2.126928), abs=5e-7)


def test_the_temperatures_divide_but_not_the_rewards() -> None:
    loss = AdversarialReward(share=0.5, teacher_temperature=2.0, student_temperature=0.5)
    both = loss(RETRIEVER / 2, RANKER, ALL).item()
    halved = DISTRIBUTION(RETRIEVER, RANKER / 2, ALL).item()
    assert both == pytest.approx((1.103858 + halved) / 2, abs=5e-7)


def test_queries_are_averaged_where_there_is_a_source_and_another() -> None:
    """The second: ½ · ln 2 · (ln 2 + 1.313262) + ½ · ln 2 of two documents."""
    scores, targets = (
        tensor((1, 1, 0), (4, 4, 9), (1, 1, 1), (1, 2, 3)),
        tensor((2, 1, 0), (0, 1, 9), (2, 1, 0), (2, 1, 0)),
    )
    mask = torch.tensor(
        [[True] * 3, [True, True, False], [True, False, False], [False, True, True]]
    )
    loss = AdversarialReward(student_temperature=1.0)
    first = (1.103858 + 0.952025) / 2
    second = log(2) * (log(2) + 1.313262 + 1) / 2
    assert loss(scores, targets, mask).item() == pytest.approx((first + second) / 2, abs=1e-6)
    assert loss.counts(targets, mask).tolist() == [True, True, False, False]


@pytest.mark.parametrize("name", ["teacher_temperature", "student_temperature"])
def test_a_temperature_of_zero_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match=f"{name} must be above 0"):
        AdversarialReward(**{name: 0.0})


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_0_and_1(share: float) -> None:
    with pytest.raises(RecipeError, match="share is a share"):
        AdversarialReward(share=share)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(AdversarialReward(), folder="losses")
    behaviour.check_all(AdversarialReward(share=0.3, student_temperature=1.0), folder="losses")
