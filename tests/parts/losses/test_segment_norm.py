"""SegmentNorm reproduces [025] by hand."""

import pytest
import torch

from acclimate.parts.losses import SegmentNorm
from acclimate.testing import behaviour

LOSS = SegmentNorm()
ONE = torch.tensor([True])


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_off_the_middle_of_the_segment_by_0_3() -> None:
    """[025]: q = (1, 0), c = (0, 0), a = (.4, .3): α* = .4, distance² = .09."""
    value = LOSS(tensor((0.4, 0.3)), tensor((1, 0)), tensor((0, 0)), ONE)
    assert value.item() == pytest.approx(0.09)


def test_the_segment_need_not_begin_at_zero() -> None:
    """q = (3, 1), c = (1, 1), a = (2, 3): the nearest is (2, 1), 2 away."""
    value = LOSS(tensor((2, 3)), tensor((3, 1)), tensor((1, 1)), ONE)
    assert value.item() == pytest.approx(4)


@pytest.mark.parametrize(("adapted", "distance"), [((-1.0, 2.0), 5.0), ((4.0, 1.0), 5.0)])
def test_beyond_an_end_the_end_is_nearest(adapted: tuple[float, float], distance: float) -> None:
    """Of the segment (0, 0)–(2, 0): (−1, 2) is 1 + 4 from its begin, (4, 1) 4 + 1 from its end."""
    value = LOSS(tensor(adapted), tensor((2, 0)), tensor((0, 0)), ONE)
    assert value.item() == pytest.approx(distance)


def test_a_vector_that_stays_or_moves_towards_the_query_costs_nothing() -> None:
    query, document = tensor((2, 4)), tensor((0, 2))
    for adapted in (document, query, (query + document) / 2):
        assert LOSS(adapted, query, document, ONE).item() == pytest.approx(0)


def test_a_segment_may_be_short() -> None:
    """q = (.5, 0), c = (0, 0), a = (.25, 1): right above the middle, 1 away."""
    value = LOSS(tensor((0.25, 1)), tensor((0.5, 0)), tensor((0, 0)), ONE)
    assert value.item() == pytest.approx(1)


def test_a_query_that_is_its_document_leaves_one_point() -> None:
    adapted = tensor((0.5, 1.0)).requires_grad_()
    value = LOSS(adapted, tensor((0.5, 0.5)), tensor((0.5, 0.5)), ONE)
    value.backward()
    assert value.item() == pytest.approx(0.25)
    assert adapted.grad is not None
    assert adapted.grad.tolist() == [[0, 1]]


def test_the_mean_is_over_pairs_that_count() -> None:
    """(.09 + 1) / 2."""
    value = LOSS(
        tensor((0.4, 0.3), (0, 1), (9, 9)),
        tensor((1, 0), (1, 0), (1, 0)),
        tensor((0, 0), (0, 0), (0, 0)),
        torch.tensor([True, True, False]),
    )
    assert value.item() == pytest.approx(0.545)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
