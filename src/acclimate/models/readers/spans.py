"""SpanReader: an opened extractive reader; one call is one batch.

Shapes: B pairs, L tokens of query and document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import torch

from acclimate.models.ref import Floats, Integers

LONGEST = 30
"""Tokens of an answer at most."""


class SpanReader:
    """What the engine calls to score pairs of a query and a document.

    Args:
        model: for question answering, or a reader of DPR, in evaluation mode.
        tokenizer: its tokenizer, a fast one.
        head: what is read.
        max_length: tokens of a query and a document together.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        head: Literal["passage", "span", "answerable"],
        max_length: int,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.head = head
        self.max_length = max_length

    def halve(self) -> None:
        """Go on in bfloat16."""
        self.model.to(torch.bfloat16)

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        """Tokens of each pair after truncation, (N,)."""
        ids = self._tokens(queries, documents)["input_ids"] if queries else []
        return np.fromiter((len(i) for i in ids), dtype=np.int64, count=len(ids))

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """One raw logit per pair, (N,) float32."""
        if not queries:
            return np.zeros(0, dtype=np.float32)
        told = self._tokens(queries, documents, padding=True, return_tensors="pt")
        inputs = {n: t.to(self.model.device) for n, t in told.items() if n in self._takes}
        with torch.inference_mode():
            found = self.model(**inputs, return_dict=True)
            scores: Floats = self._scores(told, found).float().cpu().numpy()
        return scores

    def _scores(self, told: Any, found: Any) -> torch.Tensor:
        if self.head == "passage":
            relevance: torch.Tensor = found.relevance_logits
            return relevance
        first_BL: torch.Tensor = found.start_logits.float()
        last_BL: torch.Tensor = found.end_logits.float()
        places = [told.sequence_ids(row) for row in range(len(first_BL))]
        own_BL = torch.tensor([[place == 1 for place in row] for row in places])
        best = best_span(first_BL, last_BL, own_BL.to(first_BL.device))
        if self.head == "span":
            return best
        return best - first_BL[:, 0] - last_BL[:, 0]

    @property
    def _takes(self) -> tuple[str, ...]:
        """What the model is told of a text; a reader of DPR does not tell query and document."""
        kinds = () if hasattr(self.model, "span_predictor") else ("token_type_ids",)
        return ("input_ids", "attention_mask", *kinds)

    def _tokens(self, queries: Sequence[str], documents: Sequence[str], **settings: Any) -> Any:
        """Pairs as tokens; of one that is too long the longer text is cut."""
        cut = {"truncation": "longest_first", "max_length": self.max_length}
        return self.tokenizer(list(queries), list(documents), **cut, **settings)


def best_span(first_BL: torch.Tensor, last_BL: torch.Tensor, own_BL: torch.Tensor) -> torch.Tensor:
    """The highest sum of the logits of a first and a last token of a document, (B,).

    Args:
        first_BL: logits that a token is the first of the answer.
        last_BL: that it is the last.
        own_BL: whether it is of the document.

    Example:
        >>> first, last = torch.tensor([[9.0, 1, 3]]), torch.tensor([[0.0, 4, 2]])
        >>> best_span(first, last, torch.tensor([[False, True, True]]))
        tensor([5.])
    """
    sums_BLL = first_BL[:, :, None] + last_BL[:, None, :]
    length = first_BL.shape[1]
    span_LL = torch.ones(length, length, dtype=torch.bool, device=first_BL.device)
    span_LL = span_LL.triu() & ~span_LL.triu(LONGEST)
    there_BLL = span_LL & own_BL[:, :, None] & own_BL[:, None, :]
    lowest = sums_BLL.flatten(1).min(dim=1).values  # of a document without a token
    best = torch.where(there_BLL, sums_BLL, -torch.inf).flatten(1).max(dim=1).values
    return torch.where(best.isfinite(), best, lowest)
