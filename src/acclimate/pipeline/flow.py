"""Flow: how large the tables are between two steps, and how fast a machine is with the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What this machine does in a second with these models.

    Args:
        encode: tokens encoded by the student.
        train: tokens trained by the student, forward and backward.
        others: per model (its repr): tokens encoded or rated, or texts written.
        start: seconds until libraries and the model are loaded.
    """

    encode: float
    train: float
    others: Mapping[str, float] = field(default_factory=dict)
    start: float = 10.0

    def of(self, ref: Any) -> float:
        """The rate of a model; the student's where it was not measured."""
        return self.others.get(repr(ref), self.encode)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Sizes of the tables between two steps.

    Args:
        documents: in the corpus.
        tokens: of a document, on average.
        queries: that train.
        held: that do not.
        candidates: per query.
        drafts: written documents, in all.
        encoded: keys of what is encoded already: each set of vectors is paid for once.
        trained: whether the student has moved, so that its vectors are new.
        learns: what moves: all weights, those of queries, a head, or a reader of pairs.
        brings: documents that a query brings to its topic; 0 where there are no topics.
        reads: tokens of a document that training reads, at most; 0: all.
        own: key of the vectors that a head, or what queries learn, stands on.
    """

    documents: int
    tokens: float
    queries: int = 0
    held: int = 0
    candidates: int = 0
    drafts: int = 0
    encoded: frozenset[str] = frozenset()
    trained: bool = False
    learns: str = "all"
    brings: int = 0
    reads: int = 0
    own: str = "base"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a step is expected to do.

    Args:
        step: its name.
        what: in words.
        seconds: how long.
    """

    step: str
    what: str
    seconds: float
