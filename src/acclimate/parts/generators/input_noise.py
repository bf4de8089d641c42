"""InputNoise: training queries with words left out, masked or moved."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._hashing import salt
from acclimate.parts._noise import Noise, noised_queries
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class InputNoise:
    """Queries as they are, but for noise in the words of those that train.

    Put it behind the labeller: labels follow a query by its id, so that the teacher has read the
    clean query and the student reads the noisy one. In rounds, `loops.SelfTraining` does so.

    Rows: [068].

    Paper:   Jiang, Drummond, Cohn, Noisy Self-Training with Synthetic Queries for Dense
             Retrieval, Findings of EMNLP 2023. https://arxiv.org/abs/2311.15563
    Code:    none followed; the formulas of the authors' release.
    Differs: words of queries are noised, not tokens of queries and documents; the noise is drawn
             once for all of training.
    Cost:    one pass over the queries.

    Args:
        noise: a share of the words is left out, changes places or is masked; "sequential" does
            the three in the order shuffle, delete, mask.
        share: of the words, 0…1. Paper: 0.1.
        mask: what stands for a masked word: the mask token of the student.

    Returns:
        The queries, in their order; held-out ones unchanged, and those of which nothing would be
        left.

    Example:
        >>> from acclimate.testing import toys
        >>> noisy = InputNoise(noise="mask", share=1)(toys.WRITTEN.head(1), Context())
        >>> noisy["text"]
        ['[MASK] [MASK] [MASK] [MASK] [MASK] [MASK]']
    """

    noise: Noise = "sequential"
    share: float = 0.1
    mask: str = "[MASK]"

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.share <= 1:
            raise RecipeError(f"InputNoise(share={self.share}): must lie between 0 and 1.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Noise the queries."""
        noisy = noised_queries(queries, self.noise, self.share, self.mask, salt(ctx, self))
        changed = sum(a != b for a, b in zip(queries["text"], noisy["text"], strict=True))
        ctx.note("queries with noise", changed)
        return noisy
