"""The laws of losses of other tensors than scores."""

from dataclasses import dataclass
from typing import Any

import pytest
import torch

from acclimate.testing import behaviour, laws, tensor_losses
from acclimate.testing.laws import LawError
from acclimate.testing.shapes import named_by_shape


@dataclass(frozen=True)
class Careful:
    def __call__(self, student_ND: Any, teacher_ND: Any, mask_N: Any) -> Any:
        errors = (student_ND - teacher_ND.detach()).square().sum(dim=1)
        return torch.where(mask_N, errors, 0.0).sum() / mask_N.sum()


@dataclass(frozen=True)
class Ordered(Careful):
    def __call__(self, student_ND: Any, teacher_ND: Any, mask_N: Any) -> Any:
        return (student_ND[0] * teacher_ND[0]).sum() * mask_N[0]


@dataclass(frozen=True)
class Unmasked(Careful):
    def __call__(self, student_ND: Any, teacher_ND: Any, mask_N: Any) -> Any:
        return (student_ND - teacher_ND).square().sum()


@dataclass(frozen=True)
class GradientBehindTheMask(Careful):
    def __call__(self, student_ND: Any, teacher_ND: Any, mask_N: Any) -> Any:
        return student_ND[mask_N].sum() + (student_ND - student_ND.detach()).sum()


@dataclass(frozen=True)
class Detached(Careful):
    def __call__(self, student_ND: Any, teacher_ND: Any, mask_N: Any) -> Any:
        return (student_ND * student_ND.detach())[mask_N].sum()


@dataclass(frozen=True)
class TeachesNothing(Careful):
    def __call__(self, student_ND: Any, teacher_ND: Any, mask_N: Any) -> Any:
        return student_ND.detach()[mask_N].sum()


@dataclass(frozen=True)
class OfTokens:
    def __call__(self, logits_BTV: Any, tokens_BT: Any, mask_BT: Any) -> Any:
        found = logits_BTV.gather(2, tokens_BT[..., None])[..., 0]
        return torch.where(mask_BT, found, 0.0).sum()


class TwoBatches:
    def __call__(self, student_ND: Any, teacher_BD: Any) -> Any: ...


class Unannotated:
    def __call__(self, student_ND, mask_N):  # type: ignore[no-untyped-def]
        ...


def test_careful_losses_pass() -> None:
    tensor_losses.check(Careful())
    tensor_losses.check(OfTokens())
    behaviour.check_all(Careful(), folder="losses")
    laws.check_annotations(Careful, "losses")


@pytest.mark.parametrize(
    ("loss", "complaint"),
    [
        (Ordered(), "the order of the batch"),
        (Unmasked(), "what the mask leaves out"),
        (GradientBehindTheMask(), "a gradient at masked cells of student_ND"),
        (TeachesNothing(), "teaches nothing"),
    ],
)
def test_careless_losses_are_told_what_they_break(loss: Any, complaint: str) -> None:
    with pytest.raises(LawError, match=complaint):
        tensor_losses.check(loss)


def test_a_gradient_must_be_that_of_the_value() -> None:
    with pytest.raises(Exception, match="Jacobian mismatch"):
        tensor_losses.check(Detached())


@pytest.mark.parametrize(
    ("kind", "told"),
    [(Careful, True), (OfTokens, True), (TwoBatches, False), (Unannotated, False)],
)
def test_names_tell_the_shapes(kind: type, told: bool) -> None:
    assert named_by_shape(kind.__call__) is told


@pytest.mark.parametrize("kind", [TwoBatches, Unannotated])
def test_other_names_are_refused(kind: type) -> None:
    with pytest.raises(LawError, match="student_ND and mask_N, the batch first"):
        laws.check_annotations(kind, "losses")
