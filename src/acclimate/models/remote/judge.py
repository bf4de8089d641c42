"""Judge: a language model behind an endpoint as a teacher that rates pairs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.models.prompts import load
from acclimate.models.ref import Floats, Integers
from acclimate.models.remote.allowance import Allowance
from acclimate.models.remote.answers import Answers
from acclimate.models.remote.remote import Remote
from acclimate.models.remote.structured import CHANCES

PROMPT = "graded"


def expected_grade(answer: str) -> float:
    """The grade to be expected by its probabilities, or the grade said; nan where there is none.

    Example:
        >>> expected_grade('{"grade": 2, "chances": {"1": 0.5, "2": 0.5}}')
        1.5
        >>> expected_grade('{"grade": 2}')
        2.0
    """
    try:
        told: dict[str, Any] = json.loads(answer)
    except ValueError:
        return float("nan")
    chances = {float(grade): float(share) for grade, share in told.get(CHANCES, {}).items()}
    if total := sum(chances.values()):
        return sum(grade * share for grade, share in chances.items()) / total
    return float(told["grade"])


@dataclass(frozen=True, kw_only=True)
class Judge:
    """A teacher whose scores are grades to be expected, 0 to 3; see `labellers.Graded`.

    So a language model teaches wherever a cross-encoder can.

    Args:
        writer: the model.
    """

    writer: Remote

    @property
    def model(self) -> str:
        """Its name at the endpoint."""
        return self.writer.model

    @property
    def licence(self) -> str:
        """Under which its judgements may be used."""
        return self.writer.licence

    @property
    def _asked(self) -> Remote:
        return self.writer.answering(load(PROMPT).form)

    def fingerprint(self) -> str:
        """Hash of the model's settings and of the prompt's wording."""
        return f"judge {load(PROMPT).hash} {self._asked.fingerprint()}"

    def open(self, device: str) -> RemoteScorer:
        """Make ready to ask; nothing is sent yet."""
        return RemoteScorer(self._asked, device)


class RemoteScorer:
    """What the engine calls to have pairs rated by a remote model.

    Args:
        ref: the model, asked for grades.
        device: not used.
    """

    whole = True
    """The engine hands over all it has at once, and bears pairs without a score."""

    def __init__(self, ref: Remote, device: str) -> None:
        self._writer = ref.open(device)

    def keep_in(self, answers: Answers, allowance: Allowance) -> None:
        """Where answers are kept, and what may be spent."""
        self._writer.keep_in(answers, allowance)

    def paid(self) -> tuple[int, float]:
        """Requests and money of all models that keep their answers in this ledger."""
        return self._writer.paid()

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        """Tokens of each pair, about."""
        return self._writer.count_tokens(self._questions(queries, documents))

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """Expected grades, (N,) float32; nan where the model gave no verdict."""
        questions = self._questions(queries, documents)
        written = self._writer.write(questions, count=1, seed=0)
        return np.array([expected_grade(row[0].text) for row in written], dtype=np.float32)

    @staticmethod
    def _questions(queries: Sequence[str], documents: Sequence[str]) -> list[str]:
        pairs = zip(queries, documents, strict=True)
        return [load(PROMPT).render(data={"query": q, "document": d}) for q, d in pairs]
