"""GaussianWasserstein reproduces [028] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import GaussianWasserstein
from acclimate.testing import behaviour

PLAIN = GaussianWasserstein(temperature=1.0)
ROWWISE = GaussianWasserstein(temperature=1.0, per_query=True)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def every(scores: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(scores, dtype=torch.bool)


LEVELS = tensor((3, 2, 1, 0, 0, 0), (0, 0, 0, 3, 1, 0), (1, 0, 0, 0, 0, 2))


def test_a_student_equal_to_the_labels_costs_nothing() -> None:
    """[028]: |loss| < 1e−6."""
    assert PLAIN(LEVELS, LEVELS, every(LEVELS)).item() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("loss", [PLAIN, ROWWISE], ids=repr)
def test_one_query_is_the_squared_distance_of_two_distributions(loss: GaussianWasserstein) -> None:
    """[028]: (.7, .2, .1) and (.5, .3, .2): .04 + .01 + .01 = 0.06."""
    scores, targets = tensor((0.7, 0.2, 0.1)).log(), tensor((0.5, 0.3, 0.2)).log()
    assert loss(scores, targets, every(scores)).item() == pytest.approx(0.06)


def test_labels_become_chances_by_softmax() -> None:
    """[028]: (3, 2, 1, 0) is (.6439, .2369, .0871, .0321): a student with that costs nothing."""
    scores = tensor((0.6439, 0.2369, 0.0871, 0.0321)).log()
    value = PLAIN(scores, tensor((3, 2, 1, 0)), every(scores))
    assert value.item() == pytest.approx(0, abs=1e-8)


def test_queries_may_exchange_their_rows_at_no_cost_and_query_by_query_they_may_not() -> None:
    """[028]: a property of the published loss."""
    exchanged = LEVELS[[1, 0, 2]]
    assert PLAIN(exchanged, LEVELS, every(LEVELS)).item() == pytest.approx(0, abs=1e-9)
    assert ROWWISE(exchanged, LEVELS, every(LEVELS)).item() > 0.1


def test_two_queries_of_two_documents() -> None:
    """X rows (.9, .1), (.5, .5); Y rows (.6, .4), (.8, .2): means (.7, .3) alike; with d = .2 and
    .1, ‖C_X‖² = 4 d² = .16 and ‖C_Y‖² = .04; the roots are 2 · .2 · 2 · .1 = .08:
    .16 + .04 − .16 = .04."""
    scores, targets = tensor((0.9, 0.1), (0.5, 0.5)).log(), tensor((0.6, 0.4), (0.8, 0.2)).log()
    assert PLAIN(scores, targets, every(scores)).item() == pytest.approx(0.04)


def test_three_queries_are_spread_by_their_number_less_one() -> None:
    """X rows .9, .7, .5 of the first of two documents, Y all .6: mean .7, so 2 · .01, and
    ‖C_X‖² = 2 · (.04 + 0 + .04) / 2 = .08."""
    scores = tensor((0.9, 0.1), (0.7, 0.3), (0.5, 0.5)).log()
    targets = tensor((0.6, 0.4), (0.6, 0.4), (0.6, 0.4)).log()
    assert PLAIN(scores, targets, every(scores)).item() == pytest.approx(0.02 + 0.08)


def test_it_is_the_distance_of_gaussians_with_these_means_and_covariances() -> None:
    """[028]: Tr(Σ_X + Σ_Y) − 2 Σ √eig(Σ_X Σ_Y), of matrices of documents and not of queries."""
    scores = torch.randn(4, 6, generator=torch.manual_seed(0), dtype=torch.float64)
    targets = torch.randn(4, 6, generator=torch.manual_seed(1), dtype=torch.float64)
    rows_x, rows_y = scores.softmax(dim=1), targets.softmax(dim=1)
    cov_x, cov_y = rows_x.T.cov(), rows_y.T.cov()
    roots = torch.linalg.eigvals(cov_x @ cov_y).real.clamp(min=0).sqrt().sum()
    away = (rows_x.mean(dim=0) - rows_y.mean(dim=0)).square().sum()
    expected = away + (cov_x + cov_y).trace() - 2 * roots
    value = PLAIN(scores, targets, every(scores))
    assert value.item() == pytest.approx(expected.item(), abs=1e-6)


def test_query_by_query_the_mean_is_taken() -> None:
    """Squared distances 2 · .09 and 2 · .09 of the two queries above."""
    scores, targets = tensor((0.9, 0.1), (0.5, 0.5)).log(), tensor((0.6, 0.4), (0.8, 0.2)).log()
    assert ROWWISE(scores, targets, every(scores)).item() == pytest.approx(0.18)


@pytest.mark.parametrize("loss", [PLAIN, ROWWISE], ids=repr)
def test_the_temperature_divides_the_scores(loss: GaussianWasserstein) -> None:
    warm = GaussianWasserstein(per_query=loss.per_query)
    scores = tensor((1, 0, 2), (0, 1, 0))
    targets = tensor((1, 0, 0), (0, 3, 1))
    expected = loss(scores, targets, every(scores)).item()
    assert warm(scores * 0.05, targets, every(scores)).item() == pytest.approx(expected)


@pytest.mark.parametrize("loss", [PLAIN, ROWWISE], ids=repr)
def test_masked_documents_have_no_mass_and_queries_of_one_document_do_not_count(
    loss: GaussianWasserstein,
) -> None:
    scores = tensor((0.7, 0.2, 0.1), (5, 1, 1)).log()
    targets = tensor((0.5, 0.3, 0.2), (1, 1, 1)).log()
    wide = torch.cat([scores, tensor((float("nan"),), (90,))], dim=1).requires_grad_()
    labels = torch.cat([targets, tensor((9,), (9,))], dim=1)
    mask = torch.tensor([[True, True, True, False], [True, False, False, False]])
    value = loss(wide, labels, mask)
    value.backward()
    assert value.item() == pytest.approx(0.06)
    assert loss.counts(labels, mask).tolist() == [True, False]
    assert wide.grad is not None
    assert wide.grad[:, 3].tolist() == [0, 0]


@pytest.mark.parametrize("loss", [PLAIN, ROWWISE], ids=repr)
def test_no_query_is_no_loss(loss: GaussianWasserstein) -> None:
    scores = tensor((1, 2)).requires_grad_()
    value = loss(scores, scores.detach(), ~every(scores))
    value.backward()
    assert value.item() == 0
    assert scores.grad is not None
    assert not scores.grad.any()


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        GaussianWasserstein(temperature=0.0)


@pytest.mark.parametrize("loss", [PLAIN, ROWWISE, GaussianWasserstein()], ids=repr)
def test_it_obeys_the_laws_of_losses(loss: GaussianWasserstein) -> None:
    behaviour.check_all(loss, folder="losses")


def test_it_is_zero_at_its_teacher_where_both_are_read_alike() -> None:
    assert PLAIN.zero_at_teacher
    assert not GaussianWasserstein().zero_at_teacher


def test_it_looks_at_the_whole_batch_in_columns_that_are_the_same_for_all() -> None:
    assert PLAIN.in_batch
    assert PLAIN.shared
