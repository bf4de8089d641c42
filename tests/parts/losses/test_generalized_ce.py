"""GeneralizedCE with the settings of [033], by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import GeneralizedCE, InfoNCE
from acclimate.testing import behaviour

PLAIN = GeneralizedCE(temperature=1.0)
REGEN = GeneralizedCE(q=0.7, least=0.5, temperature=1.0)
THREE = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES, TARGETS = tensor((0.7, 0.2, 0.1)).log(), tensor((1, 0, 0))


def test_the_value_at_the_q_of_regen() -> None:
    """[033]: (1 − 0.7^0.7) / 0.7 = (1 − 0.779056) / 0.7."""
    assert REGEN(SCORES, TARGETS, THREE).item() == pytest.approx(0.315634, abs=1e-6)


def test_a_label_that_is_not_believed_teaches_nothing() -> None:
    """[033]: p = 0.2 is below a half: it costs (1 − 0.5^0.7) / 0.7."""
    scores = SCORES.clone().requires_grad_()
    loss = REGEN(scores, tensor((0, 1, 0)), THREE)
    loss.backward()
    assert loss.item() == pytest.approx((1 - 0.5**0.7) / 0.7)
    assert scores.grad is not None
    assert scores.grad.tolist() == [[0, 0, 0]]


def test_by_default_every_label_is_believed() -> None:
    loss = PLAIN(SCORES, tensor((0, 1, 0)), THREE)
    assert loss.item() == pytest.approx((1 - 0.2**0.7) / 0.7)


def test_at_1_it_is_the_error_and_near_0_the_cross_entropy() -> None:
    error = GeneralizedCE(q=1.0, temperature=1.0)(SCORES, TARGETS, THREE)
    surprise = GeneralizedCE(q=1e-7, temperature=1.0)(SCORES, TARGETS, THREE)
    expected = InfoNCE(temperature=1.0)(SCORES, TARGETS, THREE)
    assert error.item() == pytest.approx(0.3)
    assert surprise.item() == pytest.approx(expected.item(), abs=1e-6)


def test_several_relevant_documents_are_one_class() -> None:
    loss = GeneralizedCE(q=0.5, temperature=1.0)(SCORES, tensor((1, -1, 2)), THREE)
    assert loss.item() == pytest.approx((1 - 0.8**0.5) / 0.5)


def test_the_gradient_lifts_the_relevant_document() -> None:
    """At q = 1 it is −p (1 − p)."""
    scores = tensor((1, 1)).requires_grad_()
    GeneralizedCE(q=1.0, temperature=1.0)(scores, tensor((1, 0)), THREE[:, :2]).backward()
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([-0.25, 0.25])


def test_the_temperature_divides() -> None:
    loss = GeneralizedCE(q=1.0, temperature=0.5)(SCORES / 2, TARGETS, THREE)
    assert loss.item() == pytest.approx(0.3)


def test_queries_are_averaged_and_masked_documents_have_no_probability() -> None:
    """At q = 1: 0.3 and ½; the third query has no relevant document."""
    scores = torch.cat([SCORES, tensor((1, 1, 9), (1, 2, 3))])
    targets = torch.cat([TARGETS, tensor((0, 1, 1), (0, 0, 0))])
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    loss = GeneralizedCE(q=1.0, temperature=1.0)
    assert loss(scores, targets, mask).item() == pytest.approx(0.4)
    assert loss.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize(
    "settings",
    [{"temperature": 0.0}, {"q": 0.0}, {"q": 1.1}, {"least": -0.1}, {"least": 1.1}],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        GeneralizedCE(**settings)


@pytest.mark.parametrize("loss", [PLAIN, GeneralizedCE(), GeneralizedCE(in_batch=True)])
def test_it_obeys_the_laws_of_losses(loss: GeneralizedCE) -> None:
    behaviour.check_all(loss, folder="losses")
