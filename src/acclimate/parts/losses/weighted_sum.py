"""WeightedSum: several losses of the same scores, each with its weight.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._members import check_weights, claims, counted, referenced
from acclimate.parts.part import Loss


@dataclass(frozen=True, kw_only=True)
class WeightedSum:
    """Σ weight · loss over its terms, all of the same scores, targets and mask.

    The sum is the mean over the queries any term learns from; to a query that a term cannot learn
    from, that term adds nothing. Beware that all terms read the same targets: beside a teacher's
    values, take `losses.ListSoftmaxCE` rather than `losses.InfoNCE`.

    Rows: [081].

    Paper:   Wang, Yang, Wei, LLM-R: Learning to Retrieve In-Context Examples for Large Language
             Models, EACL 2024, section 3.3 (KL + 0.2 · contrastive).
             https://arxiv.org/abs/2307.07164
    Code:    none followed.
    Differs: nothing known.
    Cost:    that of its terms.

    Args:
        terms: losses of scores.
        weights: one for each.
        own: how many of the first columns are a query's own documents (the `candidates` of
            `loops.Fit`): all that a term sees that is not of the batch. Needed where only some
            terms are.

    Returns:
        The loss, a scalar; zero where no query counts.

    Example:
        >>> from acclimate.parts.losses import KLDivergence, ListSoftmaxCE
        >>> kl = KLDivergence(student_temperature=1.0)
        >>> loss = WeightedSum(terms=(kl, ListSoftmaxCE()), weights=(1.0, 0.2))
        >>> scores, targets = torch.zeros(1, 4), torch.tensor([[2.0, 1, 0, 0]])
        >>> loss(scores, targets, torch.ones(1, 4, dtype=torch.bool))
        tensor(0.6148)
    """

    terms: tuple[Loss, ...]
    weights: tuple[float, ...]
    own: int | None = None

    def __post_init__(self) -> None:
        """Refuse terms that cannot look at the same columns."""
        check_weights(self, self.terms, self.weights)
        if any(claims(t, "shared") != self.shared for t in self.terms):
            raise RecipeError(
                f"{self!r}: some terms need the same documents in the columns of all queries, "
                "others their own document in column 0. They cannot be summed."
            )
        wide = [term for term in self.terms if claims(term, "in_batch")]
        if any(claims(t, "labelled") != self.labelled for t in wide):
            raise RecipeError(
                f"{self!r}: some terms take the other queries' documents for strangers, others "
                "need labels of them. They cannot be summed."
            )
        told = [term for term in self.terms if referenced(term)]
        if any(claims(t, "looks_back") != self.looks_back for t in told):
            raise RecipeError(
                f"{self!r}: some terms are told the scores the student had before, others how "
                "documents were drawn. They cannot be summed."
            )
        if self.own is None and any(claims(t, "in_batch") != self.in_batch for t in self.terms):
            raise RecipeError(
                f"{self!r}: some terms look at the documents of the whole batch and others do "
                "not. Give own=…, how many columns are a query's own documents."
            )

    @property
    def in_batch(self) -> bool:
        """Whether a term needs the documents of the other queries of a batch."""
        return any(claims(term, "in_batch") for term in self.terms)

    @property
    def labelled(self) -> bool:
        """Whether a term needs labels of the documents of the other queries."""
        return any(claims(term, "labelled") for term in self.terms)

    @property
    def shared(self) -> bool:
        """Whether the columns are the same documents for every query."""
        return claims(self.terms[0], "shared")  # all or none are

    @property
    def compares_units(self) -> bool:
        """Whether student scores must be in the teacher's units."""
        return any(claims(term, "compares_units") for term in self.terms)

    @property
    def looks_back(self) -> bool:
        """Whether the reference are the student's scores before the training."""
        return any(claims(term, "looks_back") for term in self.terms)

    @property
    def zero_at_teacher(self) -> bool:
        """Whether a student that scores as the teacher does has no loss."""
        return all(claims(term, "zero_at_teacher") for term in self.terms)

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries any term learns from, (B,) bool."""
        told = [counted(t, self._seen(t, targets), self._seen(t, mask)) for t in self.terms]
        return torch.stack(told).any(dim=0)

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets; the reference goes to terms that take one."""
        total = self.counts(targets, mask).sum().clamp(min=1)
        parts = []
        for term, weight in zip(self.terms, self.weights, strict=True):
            seen = [self._seen(term, tensor) for tensor in (scores, targets, mask)]
            share = counted(term, *seen[1:]).sum() / total
            if reference is not None and referenced(term):
                seen.append(self._seen(term, reference))
            parts.append(weight * term(*seen) * share)
        return torch.stack(parts).sum()

    def _seen(self, term: Loss, tensor: torch.Tensor) -> torch.Tensor:
        return tensor if claims(term, "in_batch") else tensor[:, : self.own]
