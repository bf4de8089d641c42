"""AttendingReader: an opened T5 whose decoder is watched; one prompt is one list of documents.

Shapes: K documents, L tokens of the longest one, N tokens of all, T decoded tokens, X = H · D
dimensions of all heads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from acclimate.models.ref import Integers, Written

CROSS = "EncDecAttention"
"""What T5 calls the layers in which the decoder looks at what was encoded."""


class Attending(Protocol):
    """How documents are read; see `FusionInDecoder`."""

    @property
    def max_length(self) -> int:
        """Tokens of a query and a document."""
        ...

    @property
    def with_query(self) -> bool:
        """Whether the query's tokens count."""
        ...


@dataclass(frozen=True, eq=False)
class Prompt:
    """What is read: see `fusion_in_decoder.packed`."""

    query: str
    documents: list[str]
    text: str

    @classmethod
    def of(cls, prompt: str) -> Prompt:
        """A prompt that is no list is one document."""
        try:
            told = json.loads(prompt)
            return cls(told["query"], told["documents"], told["text"])
        except (ValueError, TypeError, KeyError):
            return cls("", [prompt], "")


class AttendingReader:
    """What the engine calls to read lists of documents.

    Args:
        model: a T5 in evaluation mode.
        tokenizer: its tokenizer.
        ref: the settings.
    """

    def __init__(self, model: Any, tokenizer: Any, ref: Attending) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.ref = ref

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Tokens of all documents of each prompt, (N,)."""
        counts = [sum(len(ids) for ids, _ in self._tokens(Prompt.of(p))) for p in prompts]
        return np.asarray(counts, dtype=np.int64)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """The values of each prompt's documents, as a list in JSON; nothing is drawn."""
        del seed
        texts = [json.dumps(self.attention(Prompt.of(prompt))) for prompt in prompts]
        return [[Written(text)] * count for text in texts]

    def attention(self, prompt: Prompt) -> list[float]:
        """How much the decoder looks at each document, (K,)."""
        if not prompt.documents:
            return []
        read = self._tokens(prompt)
        ids_KL = self._padded([ids for ids, _ in read])
        there_KL = self._padded([[1] * len(ids) for ids, _ in read]).bool()
        counts_KL = self._padded([told for _, told in read]).bool()
        owner_KL = torch.arange(len(read), device=ids_KL.device)[:, None].expand_as(ids_KL)
        with torch.inference_mode(), self._watched() as made:
            encoded = self.model.get_encoder()(
                input_ids=ids_KL, attention_mask=there_KL.long()
            ).last_hidden_state
            self.model.get_decoder()(
                input_ids=self._decoded(prompt.text),
                encoder_hidden_states=encoded[there_KL][None],
                use_cache=False,
            )
            heads = int(self.model.config.num_heads)
            layers = zip(made["q"], made["k"], strict=True)
            # The mean over heads of products of D is the product of all H · D, divided by H.
            scores_TN = torch.stack([q_TX @ k_NX.T / heads for q_TX, k_NX in layers]).mean(dim=0)
            values = pooled(scores_TN, owner_KL[there_KL], counts_KL[there_KL], len(read))
        found: list[float] = values.double().cpu().tolist()
        return found

    @contextmanager
    def _watched(self) -> Iterator[dict[str, list[torch.Tensor]]]:
        """The decoder's "q" (T, H · D) and the documents' "k" (N, H · D), layer by layer."""
        made: dict[str, list[torch.Tensor]] = {"q": [], "k": []}

        def note(name: str) -> Callable[..., None]:
            return lambda _module, _given, out: made[name].append(out[0].float())

        layers = [m for name, m in self.model.named_modules() if name.endswith(CROSS)]
        hooks = [getattr(m, n).register_forward_hook(note(n)) for m in layers for n in made]
        try:
            yield made
        finally:
            for hook in hooks:
                hook.remove()

    def _tokens(self, prompt: Prompt) -> list[tuple[list[int], list[int]]]:
        """The tokens of the query and each document, and which of them count as its own."""
        if not prompt.documents:
            return []
        before = f"question: {prompt.query} context:"
        asked = self.tokenizer(before, add_special_tokens=False, verbose=False)["input_ids"]
        asked = asked[: self.ref.max_length // 2]
        room = self.ref.max_length - len(asked)
        read = self.tokenizer(prompt.documents, verbose=False)["input_ids"]
        cut = [ids if len(ids) <= room else [*ids[: room - 1], ids[-1]] for ids in read]
        own = [int(self.ref.with_query)] * len(asked)
        return [(asked + ids, own + [1] * len(ids)) for ids in cut]

    def _decoded(self, text: str) -> torch.Tensor:
        """What stands before each token of a text, (1, T); without one, before the first."""
        ids = self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        start = self.model.config.decoder_start_token_id
        return torch.tensor([[start, *ids[: self.ref.max_length][:-1]]], device=self.model.device)

    def _padded(self, rows: list[list[int]]) -> torch.Tensor:
        tensors = [torch.tensor(row, dtype=torch.long) for row in rows]
        padded: torch.Tensor = pad_sequence(tensors, batch_first=True)
        return padded.to(self.model.device)


def pooled(
    scores_TN: torch.Tensor, owner_N: torch.Tensor, counts_N: torch.Tensor, count: int
) -> torch.Tensor:
    """The mean score of each document, (K,), over decoded tokens and its own that count.

    Args:
        scores_TN: of each token, by each decoded one.
        owner_N: which document a token is of.
        counts_N: whether it counts.
        count: how many documents there are, K.

    Example:
        >>> scores, owner = torch.tensor([[1.0, 2, 9, 3, 0]]), torch.tensor([0, 0, 0, 1, 1])
        >>> pooled(scores, owner, torch.tensor([1, 1, 0, 1, 1]).bool(), 2)
        tensor([1.5000, 1.5000])
    """
    means_N = scores_TN.mean(dim=0)
    sums_K = torch.zeros(count, device=means_N.device).index_add(
        0, owner_N[counts_N], means_N[counts_N]
    )
    return sums_K / owner_N[counts_N].bincount(minlength=count).clamp(min=1)
