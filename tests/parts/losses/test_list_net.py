"""ListNet by hand, and against KLDivergence."""

from math import log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import KLDivergence, ListNet
from acclimate.testing import behaviour

PLAIN = ListNet(student_temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def logs(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64).log()


STUDENT, TEACHER = logs((0.5, 0.3, 0.2)), logs((0.2, 0.7, 0.1))
VALUE = -(0.2 * log(0.5) + 0.7 * log(0.3) + 0.1 * log(0.2))


def test_it_is_the_cross_entropy_of_the_teachers_distribution() -> None:
    """−(0.2 ln 0.5 + 0.7 ln 0.3 + 0.1 ln 0.2) = 1.142354, not the other way (1.205973)."""
    assert PLAIN(STUDENT, TEACHER, ALL).item() == pytest.approx(1.142354, abs=5e-7)


def test_it_is_the_divergence_and_the_teachers_entropy() -> None:
    entropy = -(0.2 * log(0.2) + 0.7 * log(0.7) + 0.1 * log(0.1))
    divergence = KLDivergence(student_temperature=1.0)(STUDENT, TEACHER, ALL).item()
    assert PLAIN(STUDENT, TEACHER, ALL).item() == pytest.approx(divergence + entropy)


def test_the_gradient_is_the_students_distribution_less_the_teachers() -> None:
    scores = STUDENT.clone().requires_grad_()
    PLAIN(scores, TEACHER, ALL).backward()
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([0.3, -0.4, 0.1])


def test_the_temperatures_divide() -> None:
    loss = ListNet(teacher_temperature=2.0, student_temperature=0.5)
    assert loss(STUDENT / 2, TEACHER * 2, ALL).item() == pytest.approx(VALUE)


def test_the_batch_is_averaged_over_queries_with_two_documents() -> None:
    """The second query: −½ ln ¾ − ½ ln ¼ of two documents; the third has one only."""
    scores = torch.cat([STUDENT, logs((0.75, 0.25, 0.9)), STUDENT])
    targets = torch.cat([TEACHER, logs((0.5, 0.5, 0.9)), TEACHER])
    mask = torch.tensor([[True] * 3, [True, True, False], [True, False, False]])
    expected = (VALUE - log(0.75 * 0.25) / 2) / 2
    assert PLAIN(scores, targets, mask).item() == pytest.approx(expected)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize("name", ["teacher_temperature", "student_temperature"])
def test_a_temperature_of_zero_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match=f"{name} must be above 0"):
        ListNet(**{name: 0.0})


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(ListNet(), folder="losses")
