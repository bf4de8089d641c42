"""SpanReader: an opened extractive reader; one call is one batch.

Shapes: N pairs of a call, B pairs, L tokens of query and document.
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

    def answers(self, queries: Sequence[str], documents: Sequence[str]) -> list[tuple[str, float]]:
        """Of each pair the best span, in the document's words, and its logit above no answer's."""
        if not queries:
            return []
        told = self._tokens(
            queries, documents, padding=True, return_tensors="pt", return_offsets_mapping=True
        )
        inputs = {n: t.to(self.model.device) for n, t in told.items() if n in self._takes}
        with torch.inference_mode():
            found = self.model(**inputs, return_dict=True)
            best_B, first_B, last_B = self._best(told, found)
            above_B = best_B - _none(found)
        begins = told["offset_mapping"][range(len(queries)), first_B.cpu(), 0].tolist()
        ends = told["offset_mapping"][range(len(queries)), last_B.cpu(), 1].tolist()
        return [
            (document[begin:end], above)
            for document, begin, end, above in zip(
                documents, begins, ends, above_B.tolist(), strict=True
            )
        ]

    def _scores(self, told: Any, found: Any) -> torch.Tensor:
        if self.head == "passage":
            relevance: torch.Tensor = found.relevance_logits
            return relevance
        best_B, _, _ = self._best(told, found)
        return best_B if self.head == "span" else best_B - _none(found)

    def _best(self, told: Any, found: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        places = [told.sequence_ids(row) for row in range(len(found.start_logits))]
        own_BL = torch.tensor([[place == 1 for place in row] for row in places])
        first_BL, last_BL = found.start_logits.float(), found.end_logits.float()
        return best_span(first_BL, last_BL, own_BL.to(first_BL.device))

    @property
    def _takes(self) -> tuple[str, ...]:
        """What the model is told of a text; a reader of DPR does not tell query and document."""
        kinds = () if hasattr(self.model, "span_predictor") else ("token_type_ids",)
        return ("input_ids", "attention_mask", *kinds)

    def _tokens(self, queries: Sequence[str], documents: Sequence[str], **settings: Any) -> Any:
        """Pairs as tokens; of one that is too long the longer text is cut."""
        cut = {"truncation": "longest_first", "max_length": self.max_length}
        return self.tokenizer(list(queries), list(documents), **cut, **settings)


def _none(found: Any) -> torch.Tensor:
    """The logit that there is no answer, (B,): the first token stands for it."""
    none_B: torch.Tensor = found.start_logits[:, 0].float() + found.end_logits[:, 0].float()
    return none_B


def best_span(
    first_BL: torch.Tensor, last_BL: torch.Tensor, own_BL: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The highest sum of logits of a first and a last token of a document, and where, (B,) each.

    Of a document without a token the lowest sum, at the first token of all.

    Args:
        first_BL: logits that a token is the first of the answer.
        last_BL: that it is the last.
        own_BL: whether it is of the document.

    Example:
        >>> first, last = torch.tensor([[9.0, 1, 3]]), torch.tensor([[0.0, 4, 2]])
        >>> best_span(first, last, torch.tensor([[False, True, True]]))
        (tensor([5.]), tensor([1]), tensor([1]))
    """
    sums_BLL = first_BL[:, :, None] + last_BL[:, None, :]
    length = first_BL.shape[1]
    span_LL = torch.ones(length, length, dtype=torch.bool, device=first_BL.device)
    span_LL = span_LL.triu() & ~span_LL.triu(LONGEST)
    there_BLL = span_LL & own_BL[:, :, None] & own_BL[:, None, :]
    lowest_B = sums_BLL.flatten(1).min(dim=1).values
    best_B, place_B = torch.where(there_BLL, sums_BLL, -torch.inf).flatten(1).max(dim=1)
    best_B = torch.where(best_B.isfinite(), best_B, lowest_B)
    return best_B, place_B // length, place_B % length
