"""Condensing: a student, the head that is told of it, and batches contrasted as a whole.

Shapes: B documents, N = 2 B spans, T tokens, D dimensions, V words of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from acclimate.errors import ModelError
from acclimate.models.masked import around
from acclimate.models.ref import Integers
from acclimate.parts._hashing import rng_of
from acclimate.parts._words import spans
from acclimate.parts.loops._masked_learner import hidden_in
from acclimate.parts.loops._masking import Hidden
from acclimate.parts.loops._texts import TextLearner, packed

SPAN_WORDS = 96
"""Words of a span: about the 128 tokens of the paper."""

LEAST_WORDS = 4
"""Of a span: a shorter one says nothing."""

HEADS = ("cls", "lm_head")
"""What models call the layers between a state and the logits of words."""


class Condensing(TextLearner):
    """The student, its head for words, and a short transformer between an early layer and that.

    Args:
        model: an opened sentence-transformers model, ready to learn.
        texts: documents that have spans.
        seed: decides the order, which two spans a document brings, and what is hidden.
        settings: the losses, and how much is hidden.
    """

    def __init__(self, model: Any, texts: Sequence[str], seed: int, settings: Any) -> None:
        super().__init__(model, texts, seed)
        self.settings = settings
        self.words = around(self.body)
        shape = self.words.config
        head = settings.masked.head(shape.hidden_size, shape.num_attention_heads, seed)
        self.short = head.to(model.device)
        self.pooling = [m for m in list(model)[1:] if type(m).__name__ != "Normalize"]
        self.told = _head(self.words)

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        texts, numbers = self._drawn(places)
        lengths = self._count(texts)
        rows = list(packed(lengths))
        work = [hidden_in(self, [texts[r] for r in s], numbers[s].tolist(), self.settings)
                for s in rows]  # fmt: skip
        total = max(sum(int(part.mask.sum()) for part in work), 1)
        if len(work) == 1:
            vectors, told = self._forward(work[0], total)
            loss = told + self._contrast([vectors], rows)
            yield loss, float(loss.detach())
            return
        with torch.no_grad():  # vectors first, then the gradient of each piece
            parts = [self._vectors(self._states(part), part) for part in work]
        leaves = [part.requires_grad_() for part in parts]
        contrast = self._contrast(leaves, rows)
        value = float(contrast.detach())
        for part, gradient in zip(work, torch.autograd.grad(contrast, leaves), strict=True):
            vectors, told = self._forward(part, total)
            yield told + (vectors * gradient).sum(), value + float(told.detach())
            value = 0.0

    def _drawn(self, places: Integers) -> tuple[list[str], Integers]:
        """Two spans of each document, (2 B), and a number for each that decides what is hidden."""
        texts: list[str] = []
        for row, place in zip(self.drawn(places), places.tolist(), strict=True):
            own = spans_of(self.texts[row])
            two = rng_of(str(place), self.seed).choice(len(own), size=2, replace=False)
            texts += [own[n] for n in two]
        return texts, np.stack([2 * places, 2 * places + 1], axis=1).reshape(-1)

    def _forward(self, part: Hidden, total: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The vectors of some spans, and what their hidden words add to the loss of all."""
        states = self._states(part)
        share = int(part.mask.sum()) / total
        with self.faster():
            joined = self.settings.masked.joined(states)
            behind, late = (self.told(s) for s in (self.short(joined, part.there), states[-1]))
        told = self.settings.masked(behind.float(), late.float(), part.tokens, part.mask)
        return self._vectors(states, part), share * told

    def _states(self, part: Hidden) -> Sequence[torch.Tensor]:
        """The states of all layers, embeddings first."""
        with self.faster():
            made = self.words.base_model(
                input_ids=part.inputs, attention_mask=part.there, output_hidden_states=True
            )
        states: Sequence[torch.Tensor] = made.hidden_states
        return states

    def _vectors(self, states: Sequence[torch.Tensor], part: Hidden) -> torch.Tensor:
        """What the student makes of the last states, (N, D), not brought to length one."""
        features: dict[str, Any] = {
            "token_embeddings": states[-1].float(), "attention_mask": part.there.long()
        }  # fmt: skip
        for module in self.pooling:
            features = module(features)
        vectors: torch.Tensor = features["sentence_embedding"]
        return vectors

    def _contrast(self, parts: Sequence[torch.Tensor], rows: Sequence[Integers]) -> torch.Tensor:
        """The loss of all vectors, in the order the spans were drawn."""
        vectors_ND = torch.cat(list(parts))
        back = torch.from_numpy(np.argsort(np.concatenate(list(rows)), kind="stable"))
        spans_BSD = vectors_ND[back.to(vectors_ND.device)].reshape(-1, 2, vectors_ND.shape[1])
        there_B = torch.ones(len(spans_BSD), dtype=torch.bool, device=spans_BSD.device)
        value: torch.Tensor = self.settings.contrast(spans_BSD, there_B)
        return value


def spans_of(text: str) -> list[str]:
    """Spans of a text, one after the other, all of one length; none where it is too short for two.

    Example:
        >>> spans_of("one two three four five six seven eight nine")
        ['one two three four', 'five six seven eight']
    """
    places = spans(text)
    size = min(SPAN_WORDS, len(places) // 2)
    if size < LEAST_WORDS:
        return []
    starts = range(0, len(places) - size + 1, size)
    return [text[places[start][0] : places[start + size - 1][1]] for start in starts]


def _head(words: Any) -> Any:
    """The layers between a state and the logits of words.

    Raises:
        ModelError: when they have none of the names we know.
    """
    for name in HEADS:
        if hasattr(words, name):
            return getattr(words, name)
    raise ModelError(
        f"A head for words is not known in {type(words).__name__}. CoCondenser knows those of "
        "BERT, RoBERTa and MPNet."
    )
