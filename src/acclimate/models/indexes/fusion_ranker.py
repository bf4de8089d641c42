"""FusionRanker: what several retrievers say of a document, as one score that was learned.

Shapes: Q queries, K documents of each, S retrievers, N pairs of a query and a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from acclimate.errors import ModelError
from acclimate.models.indexes.ranking import looked_up
from acclimate.models.ref import Floats, Hits, Integers

SAID = 4
"""Numbers of each retriever: a document's score, whether it was found, and the list's highest and
lowest scores, which say what a score is worth in this list."""

WEIGHTS = "ranker.safetensors"


def said(lists: Sequence[Hits], among: Integers) -> Floats:
    """What each retriever says of documents (Q, K): (Q, K, 4 S); 0 of a document it did not find.

    Example:
        >>> found = Hits(np.array([[7, 3]]), np.float32([[0.75, 0.5]]))
        >>> said([found], np.array([[3, 4]])).tolist()
        [[[0.5, 1.0, 0.75, 0.5], [0.0, 0.0, 0.75, 0.5]]]
    """
    columns = []
    for found in lists:
        there = np.isfinite(found.scores)
        some = there.any(axis=1)
        highest = np.where(some, np.where(there, found.scores, -np.inf).max(axis=1), 0)
        lowest = np.where(some, np.where(there, found.scores, np.inf).min(axis=1), 0)
        scores = looked_up(found, among, np.full(len(among), np.nan, dtype=np.float32))
        known = np.isfinite(scores)
        columns += [np.where(known, scores, 0), known]
        columns += [np.broadcast_to(end[:, None], among.shape) for end in (highest, lowest)]
    return np.stack(columns, axis=-1).astype(np.float32)


class FusionRanker(torch.nn.Module):
    """A linear map of what the retrievers say, and a small network beside it.

    Args:
        retrievers: S.
        hidden: width of the network.
    """

    def __init__(self, retrievers: int, hidden: int) -> None:
        super().__init__()
        width = SAID * retrievers
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        self.line = torch.nn.Linear(width, 1, bias=False)
        self.inner = torch.nn.Linear(width, hidden)
        self.outer = torch.nn.Linear(hidden, 1)

    def measured(self, said_NX: torch.Tensor) -> None:
        """Take the mean and the spread of each number, which inputs are brought to."""
        spread = said_NX.std(dim=0, correction=0)
        self.mean = said_NX.mean(dim=0)
        self.spread = torch.where(spread > 0, spread, 1.0)

    def forward(self, said_X: torch.Tensor) -> torch.Tensor:
        """Scores of documents, of any number of leading dimensions."""
        told = (said_X - self.mean) / self.spread
        scores: torch.Tensor = self.line(told) + self.outer(self.inner(told).relu())
        return scores.squeeze(-1)

    def scores(self, lists: Sequence[Hits], among: Integers) -> Floats:
        """Scores of documents (Q, K)."""
        with torch.no_grad():
            made: Floats = self(torch.from_numpy(said(lists, among))).numpy()
        return made

    def save(self, folder: Path) -> None:
        """Write the weights into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.state_dict(), folder / WEIGHTS, metadata={"format": "pt"})


def opened(folder: Path, retrievers: int) -> FusionRanker:
    """The ranker that was saved in a folder.

    Raises:
        ModelError: when there is none, or one of another number of retrievers.
    """
    if not (folder / WEIGHTS).is_file():
        raise ModelError(
            f"{folder} has no {WEIGHTS}. Give the folder `ranker` of a step loops.FusionRanker."
        )
    state = load_file(folder / WEIGHTS)
    hidden, width = state["inner.weight"].shape
    if width != SAID * retrievers:
        raise ModelError(
            f"The ranker in {folder} learned from {width // SAID} retrievers, and {retrievers} are "
            "given. Give those it learned from, in their order."
        )
    ranker = FusionRanker(retrievers, hidden)
    ranker.load_state_dict(state)
    return ranker
