"""SampledWriter: an opened encoder-decoder; one call is one batch.

Shapes: R rows (prompts × texts of each), V tokens of the vocabulary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from transformers import LogitsProcessor, LogitsProcessorList
from transformers.modeling_outputs import BaseModelOutput

from acclimate.models.ref import Floats, Integers, Written
from acclimate.models.writers.copying import Copying


class Drawing(Protocol):
    """How a token is drawn; see `Seq2Seq`."""

    @property
    def top_k(self) -> int:
        """Likeliest tokens drawn from; 0: all."""
        ...

    @property
    def top_p(self) -> float:
        """Total probability drawn from."""
        ...

    @property
    def temperature(self) -> float:
        """Divides logits; 0: no drawing."""
        ...


class Sampling(Drawing, Protocol):
    """How a writer draws texts; see `Seq2Seq`."""

    @property
    def max_new_tokens(self) -> int:
        """Length of a text at most."""
        ...

    @property
    def max_length(self) -> int:
        """Tokens a prompt is cut to."""
        ...

    @property
    def prefix(self) -> str:
        """Put before each prompt."""
        ...


class SampledWriter:
    """What the engine calls to write texts.

    Each text has random numbers of its own, from the seed, the prompt and its number; so the
    other prompts of a batch change a text only where rounding moves a draw over a border.

    Args:
        model: an encoder-decoder in evaluation mode.
        tokenizer: its tokenizer.
        ref: the settings.
    """

    def __init__(self, model: Any, tokenizer: Any, ref: Sampling) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.ref = ref

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Tokens of each prompt after its prefix and truncation, (N,)."""
        ids = self._tokens(prompts, padding=False)["input_ids"] if prompts else []
        return np.fromiter((len(i) for i in ids), dtype=np.int64, count=len(ids))

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """`count` texts for each prompt, with their mean token log-probabilities."""
        if not prompts or count < 1:
            return [[] for _ in prompts]
        draw = Draw(self.ref, uniforms(prompts, count, seed, self.ref.max_new_tokens))
        with torch.inference_mode():
            inputs = self._tokens(prompts, padding=True, return_tensors="pt")
            inputs = inputs.to(self.model.device)
            read = self.model.get_encoder()(**inputs, return_dict=True).last_hidden_state
            shown = {"attention_mask": inputs["attention_mask"].repeat_interleave(count, dim=0)}
            if isinstance(self.model, Copying):
                shown["source_ids"] = inputs["input_ids"].repeat_interleave(count, dim=0)
            tokens = self.model.generate(
                encoder_outputs=BaseModelOutput(read.repeat_interleave(count, dim=0)),
                **shown,
                logits_processor=LogitsProcessorList([draw]),
                do_sample=False,
                num_beams=1,
                max_new_tokens=self.ref.max_new_tokens,
            )
        texts = self.tokenizer.batch_decode(tokens, skip_special_tokens=True)
        means = draw.means(self._lengths(tokens))
        flat = [Written(text.strip(), float(mean)) for text, mean in zip(texts, means, strict=True)]
        return [flat[first : first + count] for first in range(0, len(flat), count)]

    def _tokens(self, prompts: Sequence[str], **settings: Any) -> Any:
        return self.tokenizer(
            [self.ref.prefix + prompt for prompt in prompts],
            truncation=True,
            max_length=self.ref.max_length,
            return_token_type_ids=False,
            **settings,
        )

    def _lengths(self, tokens: torch.Tensor) -> Integers:
        """Tokens that were drawn for each text, its end included; the first one is the start."""
        ends = self.model.generation_config.eos_token_id
        drawn = tokens[:, 1:]
        wanted = torch.tensor(np.atleast_1d([] if ends is None else ends), device=tokens.device)
        ended = torch.isin(drawn, wanted.to(drawn.dtype))
        first = torch.where(ended.any(dim=1), ended.int().argmax(dim=1) + 1, drawn.shape[1])
        lengths: Integers = first.cpu().numpy().astype(np.int64)
        return lengths


class Draw(LogitsProcessor):  # type: ignore[misc]
    """Draws the next token of every row itself, so that greedy search has one choice left.

    Args:
        ref: temperature, top_k and top_p.
        uniforms: (R, steps) in [0, 1), one number per draw.
    """

    def __init__(self, ref: Drawing, uniforms: Floats) -> None:
        self.ref = ref
        self.uniforms = torch.from_numpy(uniforms)
        self.log_probs: list[torch.Tensor] = []

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Leave one token per row; note its log-probability under the model itself."""
        logits = scores.float()
        if self.ref.temperature == 0:
            chosen = logits.argmax(dim=1, keepdim=True)
        else:
            chosen = self._drawn(logits / self.ref.temperature)
        self.log_probs.append(logits.log_softmax(dim=1).gather(1, chosen).squeeze(1).cpu())
        return torch.full_like(scores, -torch.inf).scatter(1, chosen, 0.0)

    def _drawn(self, logits: torch.Tensor) -> torch.Tensor:
        keep = min(self.ref.top_k or logits.shape[1], logits.shape[1])
        values, tokens = logits.topk(keep, dim=1)
        shares = values.softmax(dim=1)
        # A token counts while those before it hold less than top_p.
        shares = shares.where(shares.cumsum(dim=1) - shares < self.ref.top_p, 0.0)
        reached = shares.cumsum(dim=1)
        aim = self.uniforms[:, len(self.log_probs)].to(logits) * reached[:, -1]
        place = (reached <= aim[:, None]).sum(dim=1, keepdim=True).clamp(max=keep - 1)
        return tokens.gather(1, place)

    def means(self, lengths: Integers) -> Floats:
        """Mean log-probability of the tokens of each text."""
        log_probs = torch.stack(self.log_probs, dim=1).numpy()
        counted = np.arange(log_probs.shape[1]) < lengths[:, None]
        means: Floats = (log_probs * counted).sum(axis=1) / np.maximum(lengths, 1)
        return means


def uniforms(prompts: Sequence[str], count: int, seed: int, steps: int) -> Floats:
    """Numbers in [0, 1) for the draws of each text, (R, steps): by seed, prompt and its number."""
    rows = []
    for prompt in prompts:
        digest = hashlib.sha256(f"{seed}\0{prompt}".encode("utf-8", "surrogatepass")).digest()
        rows.append(np.random.default_rng(list(digest)).random((count, steps), dtype=np.float32))
    return np.concatenate(rows)
