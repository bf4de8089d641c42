"""Recorded: a writer that gives answers written down before, for tests of parts that ask.

Example:
    >>> writer = Recorded(answers=(("bees", '{"grade": 2}'),))
    >>> writer.write(["about bees", "about tides"], count=1, seed=0)[0][0].text
    '{"grade": 2}'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from acclimate.models.prompts import Form
from acclimate.models.ref import Integers, Written


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Answers by a text that the question holds; the first that fits is given, else none.

    Args:
        answers: (text of the question, answer).
        log_probs: of the answers, in their order; none where there are fewer.
        form: as it was asked.
        asked: every question, for tests that look at them.
    """

    answers: tuple[tuple[str, str], ...] = ()
    log_probs: tuple[float, ...] = ()
    form: Form = field(default_factory=Form)
    asked: list[str] = field(default_factory=list, compare=False, repr=False)

    def answering(self, form: Form) -> Recorded:
        """The same answers, for questions of a form."""
        return replace(self, form=form)

    def open(self, device: str) -> Recorded:
        """Itself: there are no weights."""
        del device
        return self

    def fingerprint(self) -> str:
        """Its settings."""
        return repr(self)

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Words of each prompt."""
        return np.array([len(prompt.split()) for prompt in prompts], dtype=np.int64)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """The recorded answer of each prompt, `count` times."""
        del seed
        self.asked.extend(prompts)
        return [[self._answer(prompt)] * count for prompt in prompts]

    def _answer(self, prompt: str) -> Written:
        for number, (text, answer) in enumerate(self.answers):
            if text in prompt:
                known = number < len(self.log_probs)
                return Written(answer, self.log_probs[number] if known else None)
        return Written("")
