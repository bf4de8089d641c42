"""SequentialListwise reproduces [110] by hand."""

from math import exp, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InfoNCE, SequentialListwise
from acclimate.testing import behaviour

PLAIN = SequentialListwise(student_temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES, TARGETS = tensor((2, 1, 0)), tensor((0.7, 0.2, 0.1)).log()
FIRST, SECOND = log(1 + exp(-1) + exp(-2)), log(1 + exp(-1))


def test_the_values_of_llm_embedder() -> None:
    """[110]: 0.7 · 0.407606 + 0.2 · 0.313262 + 0.1 · 0 = 0.347977."""
    assert PLAIN(SCORES, TARGETS, ALL).item() == pytest.approx(0.347977, abs=5e-7)


def test_documents_are_picked_in_the_teachers_order() -> None:
    """Columns 1 and 2 changed over: the same sum."""
    order = [0, 2, 1]
    loss = PLAIN(SCORES[:, order], TARGETS[:, order], ALL)
    assert loss.item() == pytest.approx(0.347977, abs=5e-7)


def test_the_source_is_picked_first_whatever_the_teacher_says() -> None:
    """The source has weight 0.1 and logit 2; then the 0.7 at logit 1, then the 0.2 at 0."""
    targets = tensor((0.1, 0.7, 0.2)).log()
    loss = PLAIN(SCORES, targets, ALL)
    assert loss.item() == pytest.approx(0.1 * FIRST + 0.7 * SECOND)


def test_or_the_teacher_has_its_way() -> None:
    """Without that: the 0.7 at logit 1 among all, the 0.2 at 0 among 2 and 0, the 0.1 last."""
    loss = SequentialListwise(student_temperature=1.0, source_first=False)
    value = loss(SCORES, tensor((0.1, 0.7, 0.2)).log(), ALL)
    among_all, among_two = FIRST + 1, log(1 + exp(2))
    assert value.item() == pytest.approx(0.7 * among_all + 0.2 * among_two)


def test_a_teacher_that_is_sure_makes_it_info_nce() -> None:
    """[110]: weights (1, 0, 0)."""
    loss = PLAIN(SCORES, tensor((0, -1e4, -1e4)), ALL)
    expected = InfoNCE(temperature=1.0)(SCORES, tensor((1, 0, 0)), ALL)
    assert loss.item() == pytest.approx(expected.item())


def test_the_gradient_of_a_sure_teacher_is_info_nces() -> None:
    """Two documents of equal score: ½ up, ½ down."""
    scores = tensor((1, 1)).requires_grad_()
    PLAIN(scores, tensor((0, -1e4)), ALL[:, :2]).backward()
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([-0.5, 0.5])


def test_the_temperatures_divide() -> None:
    loss = SequentialListwise(teacher_temperature=2.0, student_temperature=0.5)
    assert loss(SCORES / 2, TARGETS * 2, ALL).item() == pytest.approx(0.347977, abs=5e-7)


def test_queries_are_averaged_and_masked_documents_are_not_picked() -> None:
    """The second query picks one of two, at weight ½: ½ · softplus(−1); the third has one."""
    scores = tensor((2, 1, 0), (1, 0, 9), (3, 1, 2))
    targets = torch.cat([TARGETS, tensor((4, 4, 9)), TARGETS])
    mask = torch.tensor([[True] * 3, [True, True, False], [True, False, False]])
    expected = (0.347977 + SECOND / 2) / 2
    assert PLAIN(scores, targets, mask).item() == pytest.approx(expected, abs=5e-7)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


def test_a_source_that_is_not_there_is_not_picked_first() -> None:
    mask = torch.tensor([[False, True, True]])
    targets = tensor((99, 0.75, 0.25)).log()
    assert PLAIN(tensor((5, 1, 0)), targets, mask).item() == pytest.approx(0.75 * SECOND)


@pytest.mark.parametrize("name", ["teacher_temperature", "student_temperature"])
def test_a_temperature_of_zero_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match=f"{name} must be above 0"):
        SequentialListwise(**{name: 0.0})


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(SequentialListwise(source_first=False), folder="losses")
