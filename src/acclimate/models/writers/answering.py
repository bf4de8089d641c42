"""CausalWriter: an opened causal language model that writes and judges; one call is one batch.

Shapes: R rows (questions × answers to each), L tokens of a question, T tokens drawn, V tokens of
the vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from transformers import LogitsProcessorList, StoppingCriteria, StoppingCriteriaList

from acclimate.models.prompts import Form
from acclimate.models.ref import Floats, Integers, Written
from acclimate.models.remote.structured import InvalidError, Tops, read, repaired
from acclimate.models.writers.opened import Draw, uniforms

TOPS = 20
"""Likely tokens noted in each place of a judgement."""

Messages = Sequence[Mapping[str, str]]


class Answering(Protocol):
    """How a model is asked; see `Causal`."""

    @property
    def temperature(self) -> float | None:
        """Divides logits; 0: no drawing; None: as the form says."""
        ...

    @property
    def top_k(self) -> int:
        """Likeliest tokens drawn from; 0: all."""
        ...

    @property
    def top_p(self) -> float:
        """Total probability drawn from."""
        ...

    @property
    def max_new_tokens(self) -> int:
        """Length of an answer at most."""
        ...

    @property
    def max_length(self) -> int:
        """Tokens a question is cut to."""
        ...

    @property
    def form(self) -> Form:
        """What an answer must look like."""
        ...


class How(NamedTuple):
    """How tokens are drawn."""

    temperature: float
    top_k: int
    top_p: float


class Draft(NamedTuple):
    """What the model wrote.

    Args:
        text: as it stands.
        log_prob: mean over its tokens.
        tops: likely tokens in each place, where the form wants probabilities.
    """

    text: str
    log_prob: float
    tops: Tops


class CausalWriter:
    """What the engine calls to have questions answered.

    Args:
        model: a causal language model in evaluation mode.
        tokenizer: its tokenizer.
        ref: the settings.
    """

    def __init__(self, model: Any, tokenizer: Any, ref: Answering) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.ref = ref
        given = ref.temperature
        self.how = How(ref.form.temperature if given is None else given, ref.top_k, ref.top_p)
        self._chats = tokenizer.chat_template is not None
        self._has_system = self._chats and _takes_system(tokenizer)
        ends = model.generation_config.eos_token_id
        self._ends = {int(i) for i in np.atleast_1d([] if ends is None else ends)}
        pad = tokenizer.pad_token_id
        self._pad = int(min(self._ends, default=0) if pad is None else pad)

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Tokens of each question as the model reads it, (N,)."""
        return np.array([len(self._ids(self._messages(p))) for p in prompts], dtype=np.int64)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """`count` answers to each question; an empty one where none has the wanted shape."""
        if not prompts or count < 1:
            return [[] for _ in prompts]
        asked = [self._messages(prompt) for prompt in prompts for _ in range(count)]
        luck = uniforms(prompts, count, seed, self.ref.max_new_tokens)
        drafts = self._drafts(asked, luck)
        found = [self._answer(draft) for draft in drafts]
        wrong = [row for row, answer in enumerate(found) if isinstance(answer, str)]
        if wrong and self._chats:
            again = [[*asked[r], *repaired(drafts[r].text, str(found[r]))] for r in wrong]
            for row, draft in zip(wrong, self._drafts(again, luck[wrong]), strict=True):
                found[row] = self._answer(draft)
        rows = [a if isinstance(a, Written) else Written("") for a in found]
        return [rows[first : first + count] for first in range(0, len(rows), count)]

    def _answer(self, draft: Draft) -> Written | str:
        """An answer of the form, or what is wrong with it."""
        try:
            return Written(read(draft.text, self.ref.form, draft.tops), draft.log_prob)
        except InvalidError as error:
            return str(error)

    def _messages(self, prompt: str) -> Messages:
        system = self.ref.form.system
        if system and self._has_system:
            return [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
        return [{"role": "user", "content": f"{system}\n\n{prompt}" if system else prompt}]

    def _ids(self, messages: Messages) -> list[int]:
        """Tokens of a conversation; of one that is too long the middle is left out."""
        if self._chats:
            text = self.tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
            )
        else:
            text = messages[0]["content"]
        ids = self.tokenizer(text, add_special_tokens=not self._chats, verbose=False)["input_ids"]
        places = getattr(self.model.config, "max_position_embeddings", None) or np.inf
        size = int(max(2, min(self.ref.max_length, places - self.ref.max_new_tokens)))
        if len(ids) <= size:
            return list(ids) or [self._pad]
        return [*ids[: size // 2], *ids[len(ids) - (size - size // 2) :]]

    def _drafts(self, asked: Sequence[Messages], luck: Floats) -> list[Draft]:
        """A draft for each conversation, (R,)."""
        read_RL, mask_RL = self._padded([self._ids(messages) for messages in asked])
        draw = (Watched if self.ref.form.rated else Draw)(self.how, luck)
        begun = read_RL.shape[1]
        with torch.inference_mode():
            tokens = self.model.generate(
                input_ids=read_RL,
                attention_mask=mask_RL,
                logits_processor=LogitsProcessorList([draw]),
                stopping_criteria=StoppingCriteriaList([Stop(self._stopped, begun)]),
                do_sample=False,
                num_beams=1,
                repetition_penalty=1.0,
                max_new_tokens=self.ref.max_new_tokens,
                pad_token_id=self._pad,
            )
        drawn = tokens[:, begun:].tolist()
        lengths = [self._length(row) for row in drawn]
        means = draw.means(np.array(lengths, dtype=np.int64))
        tops = [self._tops(draw, row, n) for row, n in enumerate(lengths)]
        return [
            Draft(self._text(row[:n]), float(mean), top)
            for row, n, mean, top in zip(drawn, lengths, means, tops, strict=True)
        ]

    def _padded(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens and which of them count, (R, L) each; what is missing is missing on the left."""
        longest = max(map(len, rows))
        tokens = [[self._pad] * (longest - len(row)) + row for row in rows]
        mask = [[0] * (longest - len(row)) + [1] * len(row) for row in rows]
        device = self.model.device
        return torch.tensor(tokens, device=device), torch.tensor(mask, device=device)

    def _length(self, tokens: list[int]) -> int:
        """Tokens of a draft, the one that ends it included."""
        length = next((n for n, t in enumerate(tokens, 1) if t in self._ends), len(tokens))
        stops = self.ref.form.stop
        return next((n for n in range(1, length) if stops and self._stopped(tokens[:n])), length)

    def _stopped(self, tokens: list[int]) -> bool:
        """Whether a text at which an answer ends stands in it, after something else."""
        if not self.ref.form.stop:
            return False
        text = self._text(tokens).lstrip()
        return any(stop in text for stop in self.ref.form.stop)

    def _text(self, tokens: Sequence[int]) -> str:
        return str(self.tokenizer.decode(tokens, skip_special_tokens=True))

    def _tops(self, draw: Draw, row: int, length: int) -> Tops:
        if not isinstance(draw, Watched):
            return ()
        return [
            (self._text([token]), {self._text([t]): p for t, p in reversed(likely)})
            for token, likely in draw.noted(row)[:length]
        ]


class Watched(Draw):
    """A draw that notes the likely tokens of every place."""

    def __init__(self, how: How, uniforms: Floats) -> None:
        super().__init__(how, uniforms)
        self._likely: list[tuple[Any, Any, Any]] = []

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Leave one token per row; note which ones were likely, under the model itself."""
        left = super().__call__(input_ids, scores)
        chances, tokens = scores.float().log_softmax(dim=1).topk(min(TOPS, scores.shape[1]), dim=1)
        self._likely.append((left.argmax(dim=1).tolist(), tokens.tolist(), chances.tolist()))
        return left

    def noted(self, row: int) -> list[tuple[int, list[tuple[int, float]]]]:
        """Per place of a row: the token drawn, and likely ones with their log-probabilities."""
        return [
            (drawn[row], list(zip(tokens[row], chances[row], strict=True)))
            for drawn, tokens, chances in self._likely
        ]


class Stop(StoppingCriteria):  # type: ignore[misc]
    """Ends a row where an answer ends.

    Args:
        stopped: whether so many tokens are enough.
        begun: where the drawn ones begin.
    """

    def __init__(self, stopped: Callable[[list[int]], bool], begun: int) -> None:
        self.stopped = stopped
        self.begun = begun

    def __call__(self, input_ids: torch.Tensor, scores: Any, **settings: Any) -> torch.Tensor:
        """Which rows are done, (R,)."""
        del scores, settings
        drawn = input_ids[:, self.begun :].tolist()
        return torch.tensor([self.stopped(row) for row in drawn], device=input_ids.device)


def _takes_system(tokenizer: Any) -> bool:
    """Whether a chat template has a place for a standing instruction."""
    from jinja2 import TemplateError

    messages = [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]
    try:
        tokenizer.apply_chat_template(messages, tokenize=False)
    except TemplateError:
        return False
    return True
