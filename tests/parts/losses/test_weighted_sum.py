"""WeightedSum reproduces [081] by hand."""

import math
from dataclasses import dataclass

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import (
    InBatchMarginMSE,
    InfoNCE,
    KLDivergence,
    ListSoftmaxCE,
    MannWhitney,
    MarginMSE,
    SampledKL,
    SampledSoftmax,
    SymmetricInfoNCE,
    WeightedSum,
)
from acclimate.testing import behaviour

KL = KLDivergence(student_temperature=1.0)
LLM_R = WeightedSum(terms=(KL, ListSoftmaxCE()), weights=(1.0, 0.2))


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def every(scores: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(scores, dtype=torch.bool)


def test_the_value_of_llm_r() -> None:
    """[081]: teacher (2, 1, 0, 0), flat student: KL 0.33759 + 0.2 · ln 4 = 0.61485."""
    scores, targets = tensor((0, 0, 0, 0)), tensor((2, 1, 0, 0))
    assert KL(scores, targets, every(scores)).item() == pytest.approx(0.33759, abs=5e-6)
    assert LLM_R(scores, targets, every(scores)).item() == pytest.approx(0.61485, abs=5e-6)


def test_terms_of_the_batch_see_all_columns_and_the_others_their_own() -> None:
    """Of (2, 0 | 1): pair margin 2 against 1, so 1; in the batch ln(e² + e⁰ + e¹) − 2."""
    loss = WeightedSum(
        terms=(MarginMSE(), InfoNCE(temperature=1.0, in_batch=True)), weights=(1.0, 0.5), own=2
    )
    scores, targets = tensor((2, 0, 1)), tensor((1, 0, 0))
    assert loss(scores, targets, every(scores)).item() == pytest.approx(1 + 0.5 * 0.407606)
    assert loss.in_batch


def test_a_term_adds_nothing_to_a_query_it_cannot_learn_from() -> None:
    """The second query has no relevant document: (ln 2 + 1) / 2 and 9 / 2 of two queries."""
    loss = WeightedSum(terms=(InfoNCE(temperature=1.0), MarginMSE()), weights=(1.0, 1.0))
    scores, targets = tensor((0, 0), (3, 0)), tensor((1, 0), (0, 0))
    value = loss(scores, targets, every(scores))
    assert value.item() == pytest.approx((math.log(2) + 1 + 9) / 2)
    assert loss.counts(targets, every(scores)).tolist() == [True, True]


def test_a_query_counts_where_a_term_learns_from_it() -> None:
    """KL needs two documents, and margins the first as well; the last query has one document."""
    loss = WeightedSum(terms=(MarginMSE(), KL), weights=(1.0, 1.0))
    mask = torch.tensor([[True, True, True], [False, True, True], [True, False, False]])
    assert loss.counts(mask.double(), mask).tolist() == [True, True, False]


def test_own_is_what_counts_to_terms_that_are_not_of_the_batch() -> None:
    loss = WeightedSum(terms=(MarginMSE(), InfoNCE(in_batch=True)), weights=(1.0, 1.0), own=1)
    mask = torch.ones(1, 3, dtype=torch.bool)
    assert loss.counts(tensor((0, 0, 0)), mask).tolist() == [False]


def test_the_reference_goes_to_terms_that_take_one() -> None:
    """[027]: sampled softmax 1.003210 + KL with a draw of its own, beside a plain term."""
    terms = (SampledSoftmax(), SampledKL(), ListSoftmaxCE())
    loss = WeightedSum(terms=terms, weights=(1.0, 1.0, 1.0))
    scores, targets = tensor((1, 2, 0)), tensor((0, 1, 3))
    drawn = tensor((0.25, 0.5, 0.25)).log()
    told = (scores, targets, every(scores))
    expected = terms[0](*told, drawn) + terms[1](*told, drawn) + terms[2](*told)
    assert loss(*told, drawn).item() == pytest.approx(expected.item())
    assert loss(*told).item() == pytest.approx(sum(term(*told).item() for term in terms))


def test_the_reference_is_cut_to_a_querys_own_columns() -> None:
    loss = WeightedSum(terms=(SampledSoftmax(), InfoNCE(in_batch=True)), weights=(1.0, 0.0), own=3)
    scores, drawn = tensor((1, 2, 0, 9)), tensor((0.25, 0.5, 0.25, 1)).log()
    value = loss(scores, tensor((1, 0, 0, 0)), every(scores), drawn)
    assert value.item() == pytest.approx(1.003210, abs=5e-7)


@dataclass(frozen=True)
class AnyDocument:
    """A loss that does not say which queries count."""

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        return scores[mask].sum() / max(int(mask.any(dim=1).sum()), 1)


def test_a_term_that_does_not_say_learns_from_queries_with_a_document() -> None:
    """Scores 1 + 2 and 4 by two queries: the third has no document."""
    loss = WeightedSum(terms=(AnyDocument(), MarginMSE()), weights=(1.0, 0.0))
    scores = tensor((1, 2, 0), (4, 0, 0), (0, 0, 0))
    mask = torch.tensor([[True, True, True], [True, False, False], [False, False, False]])
    assert loss.counts(scores, mask).tolist() == [True, True, False]
    assert loss(scores, scores, mask).item() == pytest.approx(7 / 2)


def test_nothing_to_learn_is_no_loss() -> None:
    scores = tensor((1, 2)).requires_grad_()
    value = LLM_R(scores, scores.detach(), ~every(scores))
    value.backward()
    assert value.item() == 0
    assert scores.grad is not None
    assert not scores.grad.any()


def test_it_says_of_itself_what_a_term_says() -> None:
    units = WeightedSum(terms=(MarginMSE(), ListSoftmaxCE()), weights=(1.0, 1.0))
    assert units.compares_units
    assert not LLM_R.compares_units
    assert not LLM_R.in_batch
    assert not LLM_R.shared
    pair = SymmetricInfoNCE()
    assert WeightedSum(terms=(pair,), weights=(1.0,)).shared
    assert WeightedSum(terms=(pair, pair), weights=(1.0, 1.0)).shared


def test_it_is_zero_at_the_teacher_where_all_terms_are() -> None:
    assert WeightedSum(terms=(MarginMSE(), KL), weights=(1.0, 1.0)).zero_at_teacher
    assert not LLM_R.zero_at_teacher


@pytest.mark.parametrize(
    ("terms", "weights", "complaint"),
    [
        ((KL,), (1.0, 2.0), "1 members and 2 weights"),
        ((), (), "0 members"),
        ((KL, MannWhitney()), (1.0, 1.0), "Give own="),
        ((InfoNCE(in_batch=True), SymmetricInfoNCE()), (1.0, 1.0), "cannot be summed"),
        ((InfoNCE(in_batch=True), InBatchMarginMSE()), (1.0, 1.0), "need labels of them"),
    ],
)
def test_terms_that_do_not_fit_are_refused(
    terms: tuple[KLDivergence, ...], weights: tuple[float, ...], complaint: str
) -> None:
    with pytest.raises(RecipeError, match=complaint):
        WeightedSum(terms=terms, weights=weights)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LLM_R, folder="losses")
    units = WeightedSum(terms=(MarginMSE(), KL), weights=(1.0, 3.0))
    behaviour.check_all(units, folder="losses")
