"""MarginalLikelihood reproduces [003], [007], [020], [040], [043], [080] and [107] by hand."""

from math import inf, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import MarginalLikelihood
from acclimate.testing import behaviour

PLAIN = MarginalLikelihood(temperature=1.0)
TWO, THREE = (torch.ones(1, n, dtype=torch.bool) for n in (2, 3))


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def logs(*rows: tuple[float, ...]) -> torch.Tensor:
    return tensor(*rows).log()


def gradient(scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor) -> list[float]:
    scores = scores.clone().requires_grad_()
    PLAIN(scores, targets, mask).backward()
    assert scores.grad is not None
    return [float(value) for value in scores.grad[0]]


def test_the_value_of_end_to_end_training() -> None:
    """[003]: −ln(0.6 · 0.2 + 0.4 · 0.05) = −ln 0.14."""
    loss = PLAIN(logs((0.6, 0.4)), logs((0.2, 0.05)), TWO)
    assert loss.item() == pytest.approx(1.966113, abs=5e-7)


def test_the_likelihoods_of_rag_of_an_answer_and_token_by_token() -> None:
    """[007]: p(z) = (.6, .4), p(y|z) = (.5 · .2, .1 · .9): 0.096 as a whole, 0.1632 by token.

    A token is a row of its own, with the scores of its answer: (.6 · .5 + .4 · .1) ·
    (.6 · .2 + .4 · .9) = .34 · .48; the loss is the mean over rows.
    """
    whole = PLAIN(logs((0.6, 0.4)), logs((0.5 * 0.2, 0.1 * 0.9)), TWO)
    tokens = logs((0.5, 0.1), (0.2, 0.9))
    each = PLAIN(logs((0.6, 0.4), (0.6, 0.4)), tokens, TWO.expand(2, 2))
    assert whole.neg().exp().item() == pytest.approx(0.096)
    assert (-2 * each).exp().item() == pytest.approx(0.1632)


def test_the_value_and_the_gradient_of_realm() -> None:
    """[020]: −ln(0.05 + 0.18 + 0.06) = −ln 0.29; p less the posterior."""
    scores, targets = logs((0.5, 0.3, 0.2)), logs((0.1, 0.6, 0.3))
    assert PLAIN(scores, targets, THREE).item() == pytest.approx(1.237874, abs=5e-7)
    expected = [0.327586, -0.320690, -0.006897]
    assert gradient(scores, targets, THREE) == pytest.approx(expected, abs=5e-7)


def test_a_document_as_good_as_all_of_them_has_no_gradient() -> None:
    """[020]: 0.5 · 0.2 + 0.25 · 0.3 + 0.25 · 0.1 is 0.2, the first one's likelihood."""
    found = gradient(logs((0.5, 0.25, 0.25)), logs((0.2, 0.3, 0.1)), THREE)
    assert found == pytest.approx([0, -0.125, 0.125])


def test_the_reward_of_adaqr() -> None:
    """[040]: 0.6 e⁻¹ + 0.4 e⁻³ = 0.240642, whose logarithm is −1.424443."""
    loss = PLAIN(logs((0.6, 0.4)), tensor((-1, -3)), TWO)
    assert loss.item() == pytest.approx(1.424443, abs=1e-6)


def test_the_values_of_retgen() -> None:
    """[043]: 0.6 e⁻¹ + 0.4 e⁻² = 0.274862."""
    scores, targets = logs((0.6, 0.4)), tensor((-1, -2))
    assert PLAIN(scores, targets, TWO).item() == pytest.approx(1.291487, abs=5e-7)
    assert gradient(scores, targets, TWO) == pytest.approx([-0.203050, 0.203050], abs=5e-7)


@pytest.mark.parametrize(
    ("correct", "value"), [((0, 1, 0), 1.407606), ((0, 1, 1), 1.094344), ((0, 0, 0), 0.0)]
)
def test_the_values_of_orqa(correct: tuple[float, ...], value: float) -> None:
    """[080]: the logsumexp of all logits less that of the correct ones; 0 where none is."""
    loss = PLAIN(tensor((2, 1, 0)), logs(correct), THREE)
    assert loss.item() == pytest.approx(value, abs=1e-6)


def test_the_values_of_mk_tod() -> None:
    """[107]: p = (0.731059, 0.268941), posterior (0.915777, 0.084223)."""
    scores, targets = tensor((1, 0)), logs((0.2, 0.05))
    assert PLAIN(scores, targets, TWO).item() == pytest.approx(1.83472, abs=5e-6)
    assert gradient(scores, targets, TWO) == pytest.approx([-0.18472, 0.18472], abs=5e-6)


def test_likelihoods_that_underflow_are_no_trouble() -> None:
    """e⁻²⁰⁰⁰ is 0 to a computer; −ln(0.5 e⁻²⁰⁰⁰ + 0.5 e⁻²⁰⁰⁰) is 2000."""
    loss = PLAIN(tensor((3, 3)), tensor((-2000, -2000)), TWO)
    assert loss.item() == pytest.approx(2000)


def test_the_temperature_divides() -> None:
    loss = MarginalLikelihood(temperature=0.5)(logs((0.6, 0.4)) / 2, logs((0.2, 0.05)), TWO)
    assert loss.item() == pytest.approx(-log(0.14))


def test_queries_are_averaged_where_something_can_be_learned() -> None:
    """−ln 0.29 and, of two documents, −ln(½ · 0.2 + ½ · 0.4); one document teaches nothing."""
    scores = torch.cat([logs((0.5, 0.3, 0.2)), tensor((1, 1, 9), (1, 1, 1), (1, 2, 3))])
    targets = logs((0.1, 0.6, 0.3), (0.2, 0.4, 0.9), (0.5, 0.5, 0.5), (0, 0, 0.5))
    mask = torch.tensor(
        [[True] * 3, [True, True, False], [True, False, False], [True, True, False]]
    )
    expected = -(log(0.29) + log(0.3)) / 2
    assert PLAIN(scores, targets, mask).item() == pytest.approx(expected)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False, False]


def test_a_query_that_nothing_answers_gives_finite_gradients() -> None:
    assert gradient(tensor((2, 1)), tensor((-inf, -inf)), TWO) == [0, 0]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        MarginalLikelihood(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(MarginalLikelihood(), folder="losses")
