"""PropensityWeighted reproduces [034] by hand."""

from math import e, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InfoNCE, PropensityWeighted
from acclimate.parts.losses.propensity_weighted import posterior
from acclimate.testing import behaviour

PLAIN = PropensityWeighted(temperature=1.0)
DOUBTFUL = PropensityWeighted(temperature=1.0, others="by posterior")
THREE = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def logit(*shares: float) -> torch.Tensor:
    return torch.logit(tensor(shares))


SCORES, TARGETS = tensor((0.5, 0.3, 0.2)).log(), tensor((1, 1, 0))
FIRST, SECOND = -log(0.5), -log(0.3)


def test_the_posterior_of_cet() -> None:
    """[034]: 0.6 · 0.5 / (1 − 0.6 · 0.5) = 0.428571."""
    assert posterior(tensor((0.6,)), tensor((0.5,))).item() == pytest.approx(0.428571, abs=5e-7)


@pytest.mark.parametrize("reference", [None, logit(0.3, 0.3, 0.3)])
def test_where_all_were_as_likely_to_be_judged_nothing_is_corrected(
    reference: torch.Tensor | None,
) -> None:
    """[034]: bit for bit the uncorrected loss."""
    drawn = torch.Generator().manual_seed(0)
    scores, targets = (torch.randn(4, 3, generator=drawn) for _ in range(2))
    mask = torch.ones(4, 3, dtype=torch.bool)
    mask[1, 2] = False
    constant = None if reference is None else reference.expand(4, 3).float()
    plain = InfoNCE(temperature=1.0, several="each")(scores, targets, mask)
    assert torch.equal(PLAIN(scores, targets, mask, constant), plain)


def test_a_document_rarely_judged_counts_for_those_like_it() -> None:
    """Selected with 0.8 and 0.2: weights 1 and 4."""
    loss = PLAIN(SCORES, TARGETS, THREE, logit(0.8, 0.2, 0.9))
    assert loss.item() == pytest.approx(FIRST + 4 * SECOND)


def test_a_weight_has_a_limit() -> None:
    loss = PropensityWeighted(temperature=1.0, most=1.5)
    value = loss(SCORES, TARGETS, THREE, logit(0.8, 0.2, 0.9))
    assert value.item() == pytest.approx(FIRST + 1.5 * SECOND)


def test_an_unjudged_document_stands_only_as_far_as_it_is_irrelevant() -> None:
    """Scores 0, R = ½; S = ⅓: posterior ½ · ⅔ / (1 − ⅙) = 0.4; of 1, 1 and 0.6 remain.

    The relevant two, S = ½ each, stand whole.
    """
    loss = DOUBTFUL(tensor((0, 0, 0)), TARGETS, THREE, logit(0.5, 0.5, 1 / 3))
    assert loss.item() == pytest.approx(2 * log(2.6))
    plain = PLAIN(tensor((0, 0, 0)), TARGETS, THREE, logit(0.5, 0.5, 1 / 3))
    assert plain.item() == pytest.approx(2 * log(3))


def test_what_would_have_been_judged_stands_whole() -> None:
    """S near 1: the posterior is 0."""
    loss = DOUBTFUL(tensor((0, 0, 0)), TARGETS, THREE, tensor((40, 40, 40)))
    assert loss.item() == pytest.approx(2 * log(3))


def test_weights_do_not_learn() -> None:
    """R and S are what the models thought before: only the softmax has a gradient.

    One relevant of (1, 0.6): p = (1, 0.6) / 1.6.
    """
    scores, reference = tensor((0, 0)).requires_grad_(), logit(0.5, 1 / 3).requires_grad_()
    DOUBTFUL(scores, tensor((1, 0)), THREE[:, :2], reference).backward()
    assert reference.grad is None
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([-0.375, 0.375])


def test_the_temperature_divides_the_scores_alone() -> None:
    loss = PropensityWeighted(temperature=0.5)
    value = loss(SCORES / 2, TARGETS, THREE, logit(0.8, 0.2, 0.9))
    assert value.item() == pytest.approx(FIRST + 4 * SECOND)
    doubt = PropensityWeighted(temperature=0.5, others="by posterior")
    found = doubt(tensor((0.5, 0)), tensor((1, 0)), THREE[:, :2], logit(0.5, 1 / 3))
    assert found.item() == pytest.approx(log(1 + 0.6 / e))


def test_queries_are_averaged_and_masked_documents_left_out() -> None:
    """The first as above; the second has one relevant of two, ln 2; the third has none."""
    scores = torch.cat([SCORES, tensor((1, 1, 9), (1, 1, 1))])
    targets = torch.cat([TARGETS, tensor((1, 0, 1), (0, 0, -1))])
    reference = torch.cat([logit(0.8, 0.2, 0.9), logit(0.1, 0.5, 0.99), logit(0.5, 0.5, 0.5)])
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    loss = PLAIN(scores, targets, mask, reference)
    assert loss.item() == pytest.approx((FIRST + 4 * SECOND + log(2)) / 2)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize("name", ["temperature", "most"])
def test_settings_of_zero_are_refused(name: str) -> None:
    with pytest.raises(RecipeError, match=f"{name} must be above 0"):
        PropensityWeighted(**{name: 0.0})


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(DOUBTFUL, folder="losses")
