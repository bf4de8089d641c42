"""Counting: a model that notes what it is asked and can fail midway, for tests of engines.

Example:
    >>> log = Log()
    >>> Counting(log).encode(["ab", "c"], kind="query").shape
    (2, 2)
    >>> log.items
    ['ab', 'c']
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.models.ref import Floats, Integers, Kind, Written


@dataclass
class Log:
    """What was asked, and after how many batches the power fails.

    Args:
        batches: what was asked so far.
        fail_after: how many batches go well; None: all.
    """

    batches: list[list[Any]] = field(default_factory=list)
    fail_after: int | None = None

    def batch(self, items: Iterable[Any]) -> None:
        """Note a batch, or fail as a killed run does."""
        if self.fail_after is not None and len(self.batches) == self.fail_after:
            raise KeyboardInterrupt
        self.batches.append(list(items))

    @property
    def items(self) -> list[Any]:
        """Everything that was asked."""
        return [item for batch in self.batches for item in batch]


@dataclass(frozen=True)
class Counting:
    """An encoder, scorer and writer in one.

    Its results hang a little on the size of the batch, as rounding makes those of real models.

    Args:
        log: where it notes what it is asked.
        name: its fingerprint.
    """

    log: Log
    name: str = "counting"
    dimension: int = 2
    normalised: bool = False
    has_tokens: bool = True

    def open(self, device: str) -> Counting:
        """Itself: there are no weights."""
        del device
        return self

    def fingerprint(self) -> str:
        """Its name."""
        return self.name

    def count_tokens(
        self, texts: Sequence[str], documents: Sequence[str] | None = None
    ) -> Integers:
        """Characters of each text or pair."""
        pairs = zip(texts, documents or [""] * len(texts), strict=True)
        return np.array([len(one) + len(other) for one, other in pairs], dtype=np.int64)

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """The length of each text, and a trace of the batch."""
        del kind
        self.log.batch(texts)
        return np.array([[len(text), len(texts) / 1000] for text in texts], dtype=np.float32)

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Also one vector per character."""
        vectors = self.encode(texts, kind=kind)
        return vectors, [np.full((len(t), 2), len(t) / 4, dtype=np.float32) for t in texts]

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """Lengths of both, and a trace of the batch."""
        pairs = list(zip(queries, documents, strict=True))
        self.log.batch(pairs)
        scores = [len(q) + 10 * len(d) + len(pairs) / 1000 for q, d in pairs]
        return np.array(scores, dtype=np.float32)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """The prompt, numbered, with a trace of the batch; the first has no log-probability."""
        self.log.batch(prompts)
        return [
            [Written(f"{p} {n} {seed} é{len(prompts)}", -n if n else None) for n in range(count)]
            for p in prompts
        ]
