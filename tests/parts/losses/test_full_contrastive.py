"""FullContrastive reproduces the contrastive term of [081]."""

import math

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import FullContrastive
from acclimate.testing import behaviour

PLAIN = FullContrastive(temperature=1.0)
# products: q0·p0 = 2, q0·p1 = −1, q1·p0 = 0, q1·p1 = 3, q0·q1 = 1, p0·p1 = 4
QUERIES = torch.tensor([[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]], dtype=torch.float64)
DOCUMENTS = torch.tensor([[[2.0, -2.0, 0.0, 0.0]], [[-1.0, 4.0, 14.0, 0.0]]], dtype=torch.float64)
SEEN = torch.tensor([[True], [True]])


def lse(*logits: float) -> float:
    return math.log(sum(math.exp(logit) for logit in logits))


def test_a_flat_student_with_four_documents_is_surprised_by_ln_4() -> None:
    """[081]: no other query is there: ln 4 = 1.38629."""
    queries, documents = torch.zeros(1, 2), torch.zeros(1, 4, 2)
    value = PLAIN(queries, documents, torch.ones(1, 4, dtype=torch.bool))
    assert value.item() == pytest.approx(1.38629, abs=5e-6)


def test_alternatives_are_all_pairs_the_query_or_its_document_is_in() -> None:
    """[081]: q0 with p0, p1; q1 with p0; q0 with q1; p0 with p1: 2, −1, 0, 1, −10; likewise q1."""
    products = (QUERIES @ DOCUMENTS[:, 0].T).tolist()
    assert products == [[2, -1], [0, 3]]
    assert (DOCUMENTS[0, 0] @ DOCUMENTS[1, 0]).item() == -10
    first = lse(2, -1, 0, 1, -10) - 2
    second = lse(0, 3, -1, 1, -10) - 3
    value = PLAIN(QUERIES, DOCUMENTS, SEEN)
    assert value.item() == pytest.approx((first + second) / 2)


def test_documents_that_are_not_relevant_are_alternatives_to_all_queries() -> None:
    """Each query has a second document that is zero: two more logits of 0 for both."""
    documents = torch.cat([DOCUMENTS, torch.zeros_like(DOCUMENTS)], dim=1)
    first = lse(2, -1, 0, 1, -10, 0, 0) - 2
    second = lse(0, 3, -1, 1, -10, 0, 0) - 3
    value = PLAIN(QUERIES, documents, torch.ones(2, 2, dtype=torch.bool))
    assert value.item() == pytest.approx((first + second) / 2)


def test_the_temperature_divides_all_products() -> None:
    value = FullContrastive()(QUERIES / 10, DOCUMENTS / 10, SEEN)
    assert value.item() == pytest.approx(PLAIN(QUERIES, DOCUMENTS, SEEN).item())


def test_a_query_without_its_document_is_no_alternative_either() -> None:
    """Only q0 with p0 and with a document that q1 has beside the one it lacks: 2 and 1."""
    other = torch.tensor([[[float("nan")] * 4], [[1.0, 0, 0, 0]]], dtype=torch.float64)
    documents = torch.cat([DOCUMENTS, other], dim=1)
    documents.requires_grad_()
    mask = torch.tensor([[True, False], [False, True]])
    value = PLAIN(QUERIES, documents, mask)
    value.backward()
    assert value.item() == pytest.approx(lse(2, 1) - 2)
    assert documents.grad is not None
    assert not documents.grad[~mask].any()


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        FullContrastive(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
