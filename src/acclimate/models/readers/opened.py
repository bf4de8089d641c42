"""OpenedReader: an opened language model that reads; one call is one batch.

Shapes: B pairs, L tokens of text and context, T tokens of a text, V tokens of the vocabulary.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from acclimate.models.ref import Floats, Integers

TAIL = 64
"""Tokens at the end of a context that are never cut: an instruction, a query."""

LOGITS = 2**27
"""Logits held at once, half a GiB of float32: a large vocabulary would fill the memory."""

IGNORED = -100
"""What transformers takes for no label."""


class Reading(Protocol):
    """How a reader reads; see `LanguageModel`."""

    @property
    def per_token(self) -> bool:
        """Mean and not sum."""
        ...

    @property
    def max_length(self) -> int:
        """Tokens of text and context."""
        ...


class OpenedReader:
    """What the engine calls to read pairs of a text and its context.

    Args:
        model: a causal language model or an encoder-decoder, in evaluation mode.
        tokenizer: its tokenizer.
        ref: the settings.
    """

    def __init__(self, model: Any, tokenizer: Any, ref: Reading) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.ref = ref
        self.writes_apart = bool(model.config.is_encoder_decoder)
        self._keeps = "logits_to_keep" in inspect.signature(model.forward).parameters

    def halve(self) -> None:
        """Go on in bfloat16."""
        self.model.to(torch.bfloat16)

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        """Tokens of each text and its context after truncation, (N,)."""
        pairs = self._tokens(queries, documents)
        return np.fromiter((len(t) + len(c) for t, c in pairs), dtype=np.int64, count=len(pairs))

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """Log-likelihood of each text (`queries`) after its context (`documents`), (N,) float32."""
        pairs = self._tokens(queries, documents)
        longest = max((len(t) + len(c) for t, c in pairs), default=1)
        size = max(1, LOGITS // (longest * int(self.model.config.vocab_size)))
        scores: Floats = np.zeros(len(pairs), dtype=np.float32)
        told = [row for row, (text, _) in enumerate(pairs) if text]  # an empty text is certain
        for rows in (told[a : a + size] for a in range(0, len(told), size)):
            scores[rows] = self._read([pairs[row] for row in rows])
        return scores

    def _read(self, pairs: list[tuple[list[int], list[int]]]) -> Floats:
        with torch.inference_mode():
            logits, labels = self._apart(pairs) if self.writes_apart else self._in_one(pairs)
            told = labels != IGNORED
            chances = logits[told].float().log_softmax(dim=-1)
            chances = chances.gather(1, labels[told][:, None]).squeeze(1)
            sums = torch.zeros(labels.shape, device=labels.device).masked_scatter(told, chances)
            total = sums.sum(dim=1)
            if self.ref.per_token:
                total = total / told.sum(dim=1).clamp(min=1)
        scores: Floats = total.cpu().numpy()
        return scores

    def _apart(self, pairs: list[tuple[list[int], list[int]]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (B, T, V) and labels (B, T) of an encoder-decoder: it encodes the context."""
        read = self._padded([context for _, context in pairs], 0)
        mask = self._padded([[1] * len(context) for _, context in pairs], 0)
        labels = self._padded([text for text, _ in pairs], IGNORED)
        return self.model(input_ids=read, attention_mask=mask, labels=labels).logits, labels

    def _in_one(
        self, pairs: list[tuple[list[int], list[int]]]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The same of a causal model, (B, T', V) and (B, T'): it reads both, one after the other.

        T' are the places from the first one that tells a text's token on.
        """
        read = self._padded([context + text for text, context in pairs], 0)
        mask = self._padded([[1] * (len(text) + len(context)) for text, context in pairs], 0)
        labels = self._padded([[IGNORED] * len(c) + text for text, c in pairs], IGNORED)
        kept = read.shape[1] - min(len(context) for _, context in pairs) + 1
        settings = {"logits_to_keep": kept} if self._keeps else {}
        logits = self.model(input_ids=read, attention_mask=mask, **settings).logits
        return logits[:, -kept:-1], labels[:, -kept + 1 :]

    def _padded(self, rows: list[list[int]], value: int) -> torch.Tensor:
        tensors = [torch.tensor(row, dtype=torch.long) for row in rows]
        padded: torch.Tensor = pad_sequence(tensors, batch_first=True, padding_value=value)
        return padded.to(self.model.device)

    def _tokens(
        self, texts: Sequence[str], contexts: Sequence[str]
    ) -> list[tuple[list[int], list[int]]]:
        """Tokens of each text, without special ones, and of its context, at least one of these."""
        if not texts:
            return []
        half = self.ref.max_length // 2
        read = self.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
        before = self.tokenizer(list(contexts), verbose=False)["input_ids"]
        short = [text[:half] for text in read]
        cut = [
            _cut(context, self.ref.max_length - len(text)) or [self._start]
            for text, context in zip(short, before, strict=True)
        ]
        return list(zip(short, cut, strict=True))

    @property
    def _start(self) -> int:
        """A token for a context without any."""
        known = (self.tokenizer.bos_token_id, self.tokenizer.eos_token_id)
        return next((token for token in known if token is not None), 0)


def _cut(context: list[int], size: int) -> list[int]:
    """A context of at most `size` tokens: its beginning and its last 64, or half of them."""
    tail = min(TAIL, size // 2)
    if len(context) <= size:
        return context
    return context[: size - tail] + context[len(context) - tail :]
