"""SummedSimilarity by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InfoNCE, SummedSimilarity
from acclimate.testing import behaviour

PLAIN = SummedSimilarity(temperature=1.0)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES = tensor((2, 1, 0.5, -1), (0, 1, 1, 0))
TARGETS = tensor((1, 1, 0, 0), (0, 0, 1, 0))  # documents 0 and 1; document 2; 3 is of nobody
ALL = torch.ones(2, 4, dtype=torch.bool)


def test_logits_are_sums_over_sets_and_single_scores_of_the_rest() -> None:
    """Query 0 has logits 3 | 0.5 | −1: ln(e³ + e^.5 + e⁻¹) − 3 = 0.095674."""
    value = PLAIN(SCORES[:1], TARGETS[:1], ALL[:1])
    # alone in its batch, document 2 is of nobody as well: the same three logits
    assert value.item() == pytest.approx(0.095674, abs=5e-7)


def test_a_set_counts_as_one_against_the_other_queries() -> None:
    """Query 1 has logits 1 | 1 | 0: ln(2e + 1) − 1 = 0.861995; mean with 0.095674."""
    assert PLAIN(SCORES, TARGETS, ALL).item() == pytest.approx(0.478835, abs=5e-7)


def test_with_sets_of_one_it_is_info_nce() -> None:
    targets = tensor((1, 0, 0, 0), (0, 0, 2, 0))
    expected = InfoNCE(temperature=1.0)(SCORES, targets, ALL).item()
    assert PLAIN(SCORES, targets, ALL).item() == pytest.approx(expected)


def test_the_temperature_divides() -> None:
    value = SummedSimilarity()(SCORES / 20, TARGETS, ALL)
    assert value.item() == pytest.approx(0.478835, abs=5e-7)


def test_a_set_that_a_query_sees_only_in_part_is_no_alternative_to_it() -> None:
    """Query 1 does not see document 0, so logits 1 | 0: ln(1 + e⁻¹) = 0.313262."""
    mask = ALL.clone()
    mask[1, 0] = False
    scores = SCORES.clone()
    scores[1, 0] = float("nan")
    scores.requires_grad_()
    value = PLAIN(scores, TARGETS, mask)
    value.backward()
    assert value.item() == pytest.approx((0.095674 + 0.313262) / 2, abs=5e-7)
    assert scores.grad is not None
    assert scores.grad[1, :2].tolist() == [0, 0]
    assert scores.grad.isfinite().all()


def test_a_masked_document_of_nobody_is_no_alternative() -> None:
    """Query 0 is left with 3 | 0.5: ln(1 + e^−2.5) = 0.078890."""
    mask = ALL.clone()
    mask[0, 3] = False
    value = PLAIN(SCORES, TARGETS, mask)
    assert value.item() == pytest.approx((0.078890 + 0.861995) / 2, abs=5e-7)


def test_a_masked_relevant_document_is_not_in_the_set_of_its_query() -> None:
    """Query 0 has document 0 only, and document 1 is of nobody: ln(e² + e^.5 + e⁻¹) − 2; query 1
    has logits 0 | 1 | 1 | 0."""
    mask = ALL.clone()
    mask[0, 1] = False
    first = tensor((2, 0.5, -1)).logsumexp(1).item() - 2
    second = tensor((0, 1, 1, 0)).logsumexp(1).item() - 1
    assert PLAIN(SCORES, TARGETS, mask).item() == pytest.approx((first + second) / 2)


def test_a_query_without_relevant_documents_does_not_count() -> None:
    targets = TARGETS.clone()
    targets[1] = 0
    value = PLAIN(SCORES, targets, ALL)
    assert value.item() == pytest.approx(0.095674, abs=5e-7)
    assert PLAIN.counts(targets, ALL).tolist() == [True, False]
    assert PLAIN.counts(TARGETS, TARGETS <= 0).tolist() == [False, False]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        SummedSimilarity(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")


def test_it_looks_at_the_whole_batch_in_columns_that_are_the_same_for_all() -> None:
    assert PLAIN.in_batch
    assert PLAIN.shared
