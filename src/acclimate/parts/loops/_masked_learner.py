"""MaskedLearner: a masked language model over the student's transformer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import torch

from acclimate.models.masked import around
from acclimate.models.ref import Integers
from acclimate.parts._hashing import rng_of
from acclimate.parts.loops._masking import Hidden, hidden
from acclimate.parts.loops._texts import TextLearner, packed
from acclimate.parts.part import TensorLoss


class Hides(Protocol):
    """Settings that say what is hidden."""

    @property
    def loss(self) -> TensorLoss: ...

    @property
    def share(self) -> float: ...

    @property
    def whole_words(self) -> bool: ...


class MaskedLearner(TextLearner):
    """The student, and the head for words that tells what was hidden from it.

    Args:
        model: an opened sentence-transformers model, ready to learn.
        texts: the documents.
        seed: decides the order, and which tokens are hidden.
        settings: what is hidden, and the loss.
    """

    def __init__(self, model: Any, texts: Sequence[str], seed: int, settings: Hides) -> None:
        super().__init__(model, texts, seed)
        self.words = around(self.body)
        self.settings = settings

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        rows = self.drawn(places)
        parts = [self.hidden(rows[s], places[s]) for s in packed(self.lengths.of(rows))]
        total = sum(int(part.mask.sum()) for part in parts)
        for part in parts:
            share = int(part.mask.sum()) / max(total, 1)
            if share:
                with self.faster():
                    logits = self.words(input_ids=part.inputs, attention_mask=part.there).logits
                loss = share * self.settings.loss(logits.float(), part.tokens, part.mask)
                yield loss, float(loss.detach())

    def hidden(self, rows: Integers, places: Integers) -> Hidden:
        """The texts in these rows, with tokens hidden as their places in the order decide."""
        return hidden_in(self, [self.texts[row] for row in rows], places.tolist(), self.settings)


def hidden_in(
    learner: TextLearner, texts: Sequence[str], places: Sequence[int], settings: Any
) -> Hidden:
    """Texts with tokens hidden, on the learner's device.

    Args:
        learner: whose tokenizer reads them.
        texts: which.
        places: a number for each that decides what is hidden.
        settings: how much is hidden, and whether by whole words.
    """
    told = learner.tokens(
        texts, return_special_tokens_mask=True, return_offsets_mapping=settings.whole_words
    )
    seeds = [int(rng_of(str(place), learner.seed).integers(2**63)) for place in places]
    made = hidden(
        learner.body.tokenizer,
        told,
        seeds,
        share=settings.share,
        whole_words=settings.whole_words,
    )
    device = learner.model.device
    return Hidden(*(t.to(device) for t in (made.inputs, made.there, made.tokens, made.mask)))
