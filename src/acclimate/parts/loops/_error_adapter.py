"""How an error adapter learns, and what it doubts.

Shapes: N pairs of a query and a document, D dimensions, C classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from acclimate.models.error_adapter import CLASSES, ErrorAdapter
from acclimate.models.ref import Floats, Integers
from acclimate.parts.loops._training import untouched
from acclimate.parts.part import TensorLoss

NEGATIVES = [CLASSES.index("false negative"), CLASSES.index("true negative")]
"""Those of a document that is not the source."""

PAIRS = 256
"""Pairs of an update."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of a query and a document.

    Args:
        queries: vectors, (N, D).
        documents: vectors, (N, D).
    """

    queries: Floats
    documents: Floats

    def tensors(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Both."""
        return torch.from_numpy(self.queries), torch.from_numpy(self.documents)


@dataclass(frozen=True, kw_only=True)
class Study:
    """How an adapter learns.

    Args:
        steps: updates of 256 pairs.
        learning_rate: of all of them.
        hidden: width of the MLP.
        seed: of the first weights and of what is drawn.
        norm: keeps adapted documents in place: a loss of them, of queries, of documents as they
            were and of a mask; None: nothing does.
    """

    steps: int
    learning_rate: float
    hidden: int
    seed: int
    norm: TensorLoss | None


def fitted(pairs: Pairs, classes_N: Integers, study: Study) -> ErrorAdapter:
    """An adapter that learned the classes of pairs; rare classes count as much as frequent ones."""
    counts_C = np.bincount(classes_N, minlength=len(CLASSES))
    weights_C = torch.from_numpy(len(classes_N) / np.maximum(counts_C, 1)).float()
    (queries, documents), classes = pairs.tensors(), torch.from_numpy(classes_N)
    rng, size = np.random.default_rng(study.seed), min(PAIRS, len(classes_N))
    with untouched():
        torch.manual_seed(study.seed)
        adapter = ErrorAdapter(queries.shape[1], study.hidden)
        optimiser = torch.optim.AdamW(adapter.parameters(), lr=study.learning_rate)
        for _ in range(study.steps):
            rows = torch.from_numpy(rng.integers(len(classes_N), size=size))
            adapted, logits = adapter(queries[rows], documents[rows])
            loss = functional.cross_entropy(logits, classes[rows], weights_C)
            if study.norm is not None:
                there = torch.ones(size, dtype=torch.bool)
                loss = loss + study.norm(adapted, queries[rows], documents[rows], there)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
    return adapter


def doubts(adapter: ErrorAdapter, pairs: Pairs) -> Floats:
    """How likely each document is a false negative, if it is a negative at all, (N,).

    P(false negative) / (P(false negative) + P(true negative)).
    """
    with torch.no_grad():
        _, logits = adapter(*pairs.tensors())
        told: Floats = logits[:, NEGATIVES].softmax(dim=1)[:, 0].numpy()
    return told
