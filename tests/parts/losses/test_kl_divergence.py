"""KLDivergence reproduces [017] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import KLDivergence
from acclimate.testing import behaviour

PLAIN = KLDivergence(teacher_temperature=1.0, student_temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)
STUDENT = torch.tensor([[1.0, 0.0, -1.0]], dtype=torch.float64)
TEACHER = torch.tensor([[-2.0, -1.0, -3.0]], dtype=torch.float64)


def test_the_values_of_art() -> None:
    """[017]: Q = (.665, .245, .090), P = (.245, .665, .090): Σ P (ln P − ln Q) = 0.420512."""
    assert PLAIN(STUDENT, TEACHER, ALL).item() == pytest.approx(0.420512, abs=5e-7)


def test_the_gradient_is_the_students_distribution_less_the_teachers() -> None:
    """[017]: Q − P = (0.420512, −0.420512, 0)."""
    scores = STUDENT.clone().requires_grad_()
    PLAIN(scores, TEACHER, ALL).backward()
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([0.420512, -0.420512, 0], abs=5e-7)


def test_it_is_the_divergence_of_the_student_from_the_teacher_and_not_the_other_way() -> None:
    """P = (½, ½), Q = (¾, ¼): ½ ln ⅔ + ½ ln 2 = ½ ln 4⁄3; the other way it is 0.130812."""
    student = torch.tensor([[3.0, 1.0]], dtype=torch.float64).log()
    loss = PLAIN(student, torch.zeros(1, 2, dtype=torch.float64), ALL[:, :2])
    assert loss.item() == pytest.approx(0.143841, abs=5e-7)


def test_scores_equal_up_to_a_constant_cost_nothing() -> None:
    assert PLAIN(TEACHER + 7, TEACHER, ALL).item() == pytest.approx(0, abs=1e-12)


def test_the_temperatures_divide() -> None:
    """Student (1, 0, −1) / 0.5 and teacher (−4, −2, −6) / 2 are student (2, 0, −2), as is."""
    loss = KLDivergence(teacher_temperature=2.0, student_temperature=0.5)
    expected = PLAIN(STUDENT * 2, TEACHER, ALL).item()
    assert loss(STUDENT, TEACHER * 2, ALL).item() == pytest.approx(expected)


def test_the_batch_is_averaged_over_queries_with_something_to_compare() -> None:
    """The second query's two documents agree: (0.420512 + 0) / 2; the third has one only."""
    scores = torch.cat([STUDENT, TEACHER, STUDENT])
    targets = torch.cat([TEACHER, TEACHER, TEACHER])
    mask = torch.tensor([[True] * 3, [True] * 3, [True, False, False]])
    assert PLAIN(scores, targets, mask).item() == pytest.approx(0.210256, abs=5e-7)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


def test_a_masked_document_takes_no_probability() -> None:
    wide = torch.cat([STUDENT, torch.tensor([[50.0]])], dim=1)
    teacher = torch.cat([TEACHER, torch.tensor([[float("nan")]])], dim=1)
    mask = torch.tensor([[True, True, True, False]])
    assert PLAIN(wide, teacher, mask).item() == pytest.approx(0.420512, abs=5e-7)


def test_a_query_without_documents_gives_finite_gradients() -> None:
    scores = STUDENT.clone().requires_grad_()
    PLAIN(scores, TEACHER, torch.zeros(1, 3, dtype=torch.bool)).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[0, 0, 0]]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        KLDivergence(student_temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(KLDivergence(), folder="losses")
    assert PLAIN.zero_at_teacher
    assert not KLDivergence().zero_at_teacher


def test_the_value_of_listwise_distillation() -> None:
    """[085]: t = (1, .4, 0) / 0.3 is (.854, .116, .030), s = (.8, .7, .5) / 0.05 surer: 0.05248."""
    loss = KLDivergence(teacher_temperature=0.3, student_temperature=0.05)
    scores = torch.tensor([[0.8, 0.7, 0.5]], dtype=torch.float64)
    targets = torch.tensor([[1.0, 0.4, 0.0]], dtype=torch.float64)
    assert loss(scores, targets, ALL).item() == pytest.approx(0.05248, abs=5e-6)
