"""SymmetricCE reproduces [033] by hand."""

from math import log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import SymmetricCE
from acclimate.testing import behaviour

PLAIN = SymmetricCE(temperature=1.0)
THREE = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES, TARGETS = tensor((0.7, 0.2, 0.1)).log(), tensor((1, 0, 0))


def test_the_values_of_regen() -> None:
    """[033]: 0.1 · 0.356675 + 0.3 · 9.210340 = 2.798770."""
    assert PLAIN(SCORES, TARGETS, THREE).item() == pytest.approx(2.798770, abs=5e-7)


def test_each_part_has_its_weight() -> None:
    forward = SymmetricCE(forward=2.0, reverse=0.0, temperature=1.0)(SCORES, TARGETS, THREE)
    reverse = SymmetricCE(forward=0.0, reverse=0.5, temperature=1.0)(SCORES, TARGETS, THREE)
    assert forward.item() == pytest.approx(2 * 0.356675, abs=2e-6)
    assert reverse.item() == pytest.approx(0.15 * 9.210340, abs=2e-6)


def test_the_floor_is_what_a_wrong_document_costs() -> None:
    """0.3 · −ln 0.01."""
    loss = SymmetricCE(forward=0.0, floor=0.01, temperature=1.0)(SCORES, TARGETS, THREE)
    assert loss.item() == pytest.approx(-0.3 * log(0.01))


def test_several_relevant_documents_are_one_class() -> None:
    """P = 0.7 + 0.1; a target of 0 or less is not relevant."""
    loss = PLAIN(SCORES, tensor((1, -1, 2)), THREE)
    assert loss.item() == pytest.approx(-0.1 * log(0.8) - 0.2 * log(1e-4))


def test_a_wrong_label_costs_no_more_than_the_floor() -> None:
    """The reverse part of a document with no probability: −ln 0.0001, and no gradient."""
    scores = tensor((-80, 0)).requires_grad_()
    loss = SymmetricCE(forward=0.0, temperature=1.0)(scores, tensor((1, 0)), THREE[:, :2])
    loss.backward()
    assert loss.item() == pytest.approx(9.210340, abs=5e-7)
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([0, 0], abs=1e-12)


def test_the_gradient_lifts_the_relevant_document() -> None:
    """p = (½, ½): 0.1 · −½ + −¼ · 9.210340."""
    scores = tensor((1, 1)).requires_grad_()
    PLAIN(scores, tensor((1, 0)), THREE[:, :2]).backward()
    assert scores.grad is not None
    step = 0.05 + 9.210340 / 4
    assert scores.grad[0].tolist() == pytest.approx([-step, step], abs=1e-6)


def test_the_temperature_divides() -> None:
    loss = SymmetricCE(temperature=0.5)(SCORES / 2, TARGETS, THREE)
    assert loss.item() == pytest.approx(2.798770, abs=5e-7)


def test_queries_are_averaged_and_masked_documents_have_no_probability() -> None:
    """2.798770 and, of two documents, 0.1 ln 2 + ½ · 9.210340; the third has none relevant."""
    scores = torch.cat([SCORES, tensor((1, 1, 9), (1, 2, 3))])
    targets = torch.cat([TARGETS, tensor((0, 1, 1), (0, 0, 0))])
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    expected = (2.798770 + 0.1 * log(2) + 4.605170) / 2
    assert PLAIN(scores, targets, mask).item() == pytest.approx(expected, abs=1e-6)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize(
    "settings",
    [{"temperature": 0.0}, {"forward": -1.0}, {"reverse": -1.0}, {"floor": 0.0}, {"floor": 1.0}],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        SymmetricCE(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(SymmetricCE(in_batch=True), folder="losses")
