"""EmbeddingDistillation reproduces [049] and [089] by hand."""

import pytest
import torch

from acclimate.parts.losses import EmbeddingDistillation
from acclimate.testing import behaviour

MSE, COSINE = EmbeddingDistillation(), EmbeddingDistillation(distance="cosine")
ONE = torch.tensor([True])


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_the_value_of_nllb_e5() -> None:
    """[049]: student (1, 0), teacher (.6, .8): (.16 + .64) / 2 = 0.4."""
    assert MSE(tensor((1, 0)), tensor((0.6, 0.8)), ONE).item() == pytest.approx(0.4)


def test_a_student_that_copies_its_teacher_in_two_languages_costs_nothing() -> None:
    """[089]: a text and its translation, both with the teacher's vector of the text."""
    teacher = tensor((0.6, 0.8), (0.6, 0.8))
    assert MSE(teacher, teacher, torch.tensor([True, True])).item() == 0
    off = MSE(tensor((0.6, 0.8), (0.6, 0.6)), teacher, torch.tensor([True, True]))
    assert off.item() == pytest.approx(0.01)


def test_a_rewritten_question_is_the_goal_of_the_whole_dialogue() -> None:
    """MSE((0, 1, 2), (1, 1, 0)) = 5 / 3."""
    assert MSE(tensor((0, 1, 2)), tensor((1, 1, 0)), ONE).item() == pytest.approx(5 / 3)


def test_cosines_do_not_look_at_lengths() -> None:
    """[049]: 1 − .6, however long the vectors are."""
    assert COSINE(tensor((3, 0)), tensor((0.6, 0.8)), ONE).item() == pytest.approx(0.4)
    assert COSINE(tensor((-1, 0)), tensor((6, 8)), ONE).item() == pytest.approx(1.6)


@pytest.mark.parametrize("loss", [MSE, COSINE], ids=repr)
def test_the_mean_is_over_texts_that_count(loss: EmbeddingDistillation) -> None:
    """(0.4 + 0) / 2."""
    student, teacher = tensor((1, 0), (0, 1), (5, 1)), tensor((0.6, 0.8), (0, 1), (-7, 2))
    value = loss(student, teacher, torch.tensor([True, True, False]))
    assert value.item() == pytest.approx(0.2)


@pytest.mark.parametrize("loss", [MSE, COSINE], ids=repr)
def test_no_gradient_reaches_the_teacher(loss: EmbeddingDistillation) -> None:
    """[049]."""
    student, teacher = tensor((1, 0)).requires_grad_(), tensor((0.6, 0.8)).requires_grad_()
    loss(student, teacher, ONE).backward()
    assert student.grad is not None
    assert student.grad.any()
    assert teacher.grad is None


@pytest.mark.parametrize("loss", [MSE, COSINE], ids=repr)
def test_it_obeys_the_laws_of_losses(loss: EmbeddingDistillation) -> None:
    behaviour.check_all(loss, folder="losses")


@pytest.mark.integration
@pytest.mark.parametrize(("loss", "metric"), [(MSE, "mse"), (COSINE, "cosine")])
def test_it_is_the_loss_of_sentence_transformers(loss: EmbeddingDistillation, metric: str) -> None:
    from sentence_transformers.sentence_transformer.losses import EmbedDistillLoss

    student, teacher = (torch.randn(5, 3, generator=torch.manual_seed(n)) for n in (1, 2))
    theirs = EmbedDistillLoss(torch.nn.Identity(), distance_metric=metric)
    expected = theirs.compute_loss_from_embeddings([student], [teacher])
    value = loss(student, teacher, torch.ones(5, dtype=torch.bool))
    assert value.item() == pytest.approx(expected.item(), rel=1e-5)
