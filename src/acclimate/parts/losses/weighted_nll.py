"""WeightedNLL: choices that let the reader answer become likelier.

Shapes: B queries, K choices drawn for each, N documents a choice is made from, T picked in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._pairs import possible, reachable, shown
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class WeightedNLL:
    """Negative log-likelihood of drawn choices, weighted by how well the reader answers with each.

    A column is one choice drawn for a query: a document or an order of several. The scores are
    logarithms of its probability (`plackett_luce` gives them for orders), and are not normalised
    over the columns; the targets are logarithms of the reader's likelihood of the answer with it.
    With w = softmax(t / temperature), a query's loss is −Σ_k w_k s_k, the loss is the mean over
    queries: the M-step of an EM whose E-step are the weights.

    Rows: [058].

    Paper:   Shi, Yan, Sun et al., Direct Retrieval-augmented Optimization, 2025, section 3.
             https://arxiv.org/abs/2505.03075
    Code:    none followed; the formulas of the paper's text.
    Differs: the temperature of the weights; the reader does not learn.
    Cost:    nothing beside the scores; the labels cost one reading of each choice.

    Args:
        temperature: divides the targets; small values leave the best choice alone. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has a choice with a likelihood above 0.

    Example:
        >>> scores, targets = torch.tensor([[-1.0, -2, -3]]), torch.tensor([[-1.0, -2, -4]])
        >>> WeightedNLL()(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(1.3297)
    """

    temperature: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a choice that allows the answer, (B,) bool."""
        return possible(targets, mask).any(dim=1)

    def weights(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What each choice counts, (B, K); they sum to 1."""
        return (reachable(targets, mask) / self.temperature).softmax(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        of_query_B = -(self.weights(targets, mask) * shown(scores, mask)).sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))


def plackett_luce(logits: torch.Tensor, orders: torch.Tensor) -> torch.Tensor:
    """The logarithm of the probability of picking documents in an order, without replacement.

    Args:
        logits: of the documents, (B, N).
        orders: columns in the order of picking, (B, K, T), each at most once.

    Returns:
        (B, K): Σ_t [ logit of pick t − logsumexp of the documents not picked before ].
    """
    picked_BKT = logits[:, None].expand(-1, orders.shape[1], -1).gather(2, orders)
    taken_BKTN = torch.nn.functional.one_hot(orders, logits.shape[1]).cumsum(dim=2)
    before_BKTN = taken_BKTN.roll(1, dims=2)
    before_BKTN[:, :, 0] = 0
    left_BKTN = logits[:, None, None].expand(before_BKTN.shape)
    whole_BKT = left_BKTN.masked_fill(before_BKTN.bool(), -torch.inf).logsumexp(dim=3)
    return (picked_BKT - whole_BKT).sum(dim=2)
