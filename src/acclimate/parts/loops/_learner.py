"""Learner: runs the student over what a step looks at, and calls the loss.

Activations fill the memory of training, so a step is cut into pieces of a few thousand tokens,
each carried back before the next begins. Texts of a piece are encoded once, in stretches of
like length, so that little padding is computed. Dropout is off: a teacher's values do not
overfit as hard labels do, and without it attention needs no matrix in memory and half the time.

Shapes: B queries, K documents of each, U distinct documents, D dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from acclimate.models.encoders.opened import SentenceEncoder
from acclimate.models.ref import Floats, Integers, Kind
from acclimate.parts.loops._groups import Drawn, Groups, Turns
from acclimate.parts.part import Loss

PIECE_TOKENS = 5_120
"""Tokens that are carried back together: about 1.6 GB for a model of MiniLM's size."""

SPREAD = 1.25
"""A stretch ends where a text is longer than this times its shortest."""


@dataclass(frozen=True, eq=False)
class Material:
    """What a training looks at.

    Args:
        groups: labelled documents by query.
        turns: in which order.
        width: documents of a query in a step, K.
        queries: their texts, by row.
        documents: their texts, by row.
        vectors: document vectors that never change, by row; None when they learn.
        query_vectors: likewise of queries.
    """

    groups: Groups
    turns: Turns
    width: int
    queries: Sequence[str]
    documents: Sequence[str]
    vectors: Floats | None = None
    query_vectors: Floats | None = None

    def draw(self, places: Integers) -> Drawn:
        """What stands at these places of the order."""
        return self.groups.draw(*self.turns.at(places), self.width)


class Learner(torch.nn.Module):
    """The student and the loss; `pieces` gives what is to be carried back, one after the other.

    Args:
        model: an opened sentence-transformers model.
        loss: of (B, K) scores.
        material: what it looks at.
        lower: whether to compute in bfloat16 where it is safe.
        head: what learns behind vectors that do not; None when the encoder learns.
        scale: what scores are multiplied with.
    """

    def __init__(
        self,
        model: Any,
        loss: Loss,
        material: Material,
        *,
        lower: bool,
        head: torch.nn.Module | None = None,
        scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.model = model
        self.encoder = SentenceEncoder(model)
        self.loss = loss
        self.material = material
        self.lower = lower
        self.head = head
        self.scale = scale
        self.lengths = {
            "query": _Lengths(self.encoder, material.queries),
            "document": _Lengths(self.encoder, material.documents),
        }

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        in_batch = bool(getattr(self.loss, "in_batch", False))
        if self.head is not None:  # nothing is encoded, so nothing needs to be cut
            drawn = self._widened(places)[0] if in_batch else self.material.draw(places)
            loss = self._loss(self.scores(drawn), drawn)
            yield loss, float(loss.detach())
            return
        if in_batch:
            yield from self._in_batch(*self._widened(places))
            return
        drawn = self.material.draw(places)
        counts = self._counts(drawn)
        total = max(int(counts.sum()), 1)
        for rows in self._cut(drawn):
            share = int(counts[rows].sum()) / total
            if share:
                piece = drawn.rows(rows)
                loss = share * self._loss(self.scores(piece), piece)
                yield loss, float(loss.detach())

    def scores(self, drawn: Drawn) -> torch.Tensor:
        """The student's scores, (B, K); anything where there is no document."""
        queries_BD = self._queries(drawn.queries)
        rows, columns = np.unique(drawn.filled, return_inverse=True)
        documents_UD = self._documents(rows)
        scores_BU = queries_BD @ documents_UD.T
        columns_BK = torch.from_numpy(columns.reshape(drawn.documents.shape))
        return self.scale * scores_BU.gather(1, columns_BK.to(scores_BU.device))

    def _loss(self, scores: torch.Tensor, drawn: Drawn) -> torch.Tensor:
        targets = torch.from_numpy(drawn.values).to(scores.device)
        mask = torch.from_numpy(drawn.mask).to(scores.device)
        value: torch.Tensor = self.loss(scores, targets, mask)
        return value

    def _counts(self, drawn: Drawn) -> Integers:
        return counted(self.loss, drawn)

    def _cut(self, drawn: Drawn) -> Iterator[Integers]:
        """Rows of each piece: queries whose documents have like lengths.

        A document of several queries is encoded once in a piece, and counts once.
        """
        sizes = self.lengths["query"].of(drawn.queries)
        weights = np.zeros_like(drawn.documents)
        if self.material.vectors is None:
            weights = self.lengths["document"].of(drawn.filled) * drawn.mask
        order = np.lexsort((np.arange(len(sizes)), sizes + weights.sum(axis=1)))
        start, held = 0, 0
        known: set[int] = set()
        for place, row in enumerate(order):
            added = self._added(drawn.documents[row], weights[row], known) + int(sizes[row])
            if held + added > PIECE_TOKENS and place > start:
                yield order[start:place]
                start, held, known = place, 0, set()
                added = self._added(drawn.documents[row], weights[row], known) + int(sizes[row])
            held += added
            known.update(drawn.documents[row].tolist())
        yield order[start:]

    @staticmethod
    def _added(documents: Integers, tokens: Integers, known: set[int]) -> int:
        """Tokens of the documents that are not known."""
        new = [d not in known for d in documents.tolist()]
        return int(tokens[new].sum())

    def _queries(self, rows: Integers) -> torch.Tensor:
        vectors = self.material.query_vectors
        return self._encode(rows, "query") if vectors is None else self._behind(vectors[rows])

    def _documents(self, rows: Integers) -> torch.Tensor:
        vectors = self.material.vectors
        return self._encode(rows, "document") if vectors is None else self._behind(vectors[rows])

    def _behind(self, vectors: Floats) -> torch.Tensor:
        """Vectors that are there, after the head where there is one."""
        found = torch.from_numpy(np.array(vectors)).to(self.model.device)
        if self.head is None:
            return found
        made: torch.Tensor = self.head({"sentence_embedding": found})["sentence_embedding"]
        return made

    def _encode(self, rows: Integers, kind: Kind) -> torch.Tensor:
        """Vectors of texts by row, in the given order."""
        if not len(rows):
            return torch.zeros((0, self.encoder.dimension), device=self.model.device)
        stretches = list(self._stretches(rows, kind))
        vectors = torch.cat([self._forward(rows[s], kind) for s in stretches])
        back = np.argsort(np.concatenate(stretches), kind="stable")
        return vectors[torch.from_numpy(back).to(vectors.device)]

    def _stretches(self, rows: Integers, kind: Kind) -> Iterator[Integers]:
        """Places of texts that are encoded together, short ones first."""
        lengths = self.lengths[kind].of(rows)
        order = np.argsort(lengths, kind="stable")
        start = 0
        for place in range(1, len(order) + 1):
            if place < len(order):
                shortest, here = int(lengths[order[start]]), int(lengths[order[place]])
                alike = here <= shortest * SPREAD + 4
                if alike and here * (place + 1 - start) <= PIECE_TOKENS:
                    continue
            yield order[start:place]
            start = place

    def _forward(self, rows: Integers, kind: Kind) -> torch.Tensor:
        texts = self.material.queries if kind == "query" else self.material.documents
        with torch.autocast(self.model.device.type, torch.bfloat16, enabled=self.lower):
            return self.encoder.tensors([texts[row] for row in rows], kind=kind)

    def _widened(self, places: Integers) -> tuple[Drawn, Integers]:
        """Each query with the documents of all, as its loss wants them, and which those are."""
        groups, turns = self.material.turns.at(places)
        drawn = self.material.groups.draw(groups, turns, self.material.width)
        columns = np.unique(drawn.filled)
        labels = [self.material.groups.labels_of(group, columns) for group in groups.tolist()]
        values = np.stack([value for value, _ in labels])
        known = np.stack([there for _, there in labels])
        every = np.tile(columns, (len(groups), 1))
        if getattr(self.loss, "shared", False):
            return Drawn(drawn.queries, every, values), columns
        if getattr(self.loss, "labelled", False):
            mine = (every[:, :, None] == drawn.documents[:, None, :]).any(axis=2)
            others = np.where(known & ~mine, every, -1)
        else:  # a document that has a label for the query is not taken for a stranger
            others, values = np.where(known, -1, every), np.zeros_like(values)
        documents = np.concatenate([drawn.documents, others], axis=1)
        values = np.where(others >= 0, values, np.float32(0))
        return Drawn(
            drawn.queries, documents, np.concatenate([drawn.values, values], axis=1)
        ), columns

    def _in_batch(self, drawn: Drawn, documents: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """All queries against all documents: vectors first, then the gradient of each stretch.

        Encoding twice costs a third more time than once, and keeps memory to one stretch.
        """
        work: list[tuple[Kind, Integers]] = [
            ("query", drawn.queries[s]) for s in self._stretches(drawn.queries, "query")
        ]
        queries = np.concatenate(list(self._stretches(drawn.queries, "query")))
        drawn = drawn.rows(queries)
        if self.material.vectors is None:
            order = list(self._stretches(documents, "document"))
            work += [("document", documents[s]) for s in order]
            documents = documents[np.concatenate(order)]
        small = self._tokens(work) <= PIECE_TOKENS
        with torch.set_grad_enabled(small):
            parts = [self._forward(rows, kind) for kind, rows in work]
        leaves = parts if small else [part.requires_grad_() for part in parts]
        loss = self._loss(self._against(leaves, work, drawn, documents), drawn)
        if small:
            yield loss, float(loss.detach())
            return
        gradients = torch.autograd.grad(loss, leaves)
        value = float(loss.detach())
        for (kind, rows), gradient in zip(work, gradients, strict=True):
            yield (self._forward(rows, kind) * gradient).sum(), value
            value = 0.0

    def _against(
        self,
        parts: list[torch.Tensor],
        work: list[tuple[Kind, Integers]],
        drawn: Drawn,
        documents: Integers,
    ) -> torch.Tensor:
        queries_BD = torch.cat([p for p, w in zip(parts, work, strict=True) if w[0] == "query"])
        own = [p for p, w in zip(parts, work, strict=True) if w[0] == "document"]
        documents_UD = torch.cat(own) if own else self._documents(documents)
        column = np.zeros(int(documents.max()) + 1, dtype=np.int64)
        column[documents] = np.arange(len(documents))
        columns_BN = torch.from_numpy(column[drawn.filled])
        scores_BU = queries_BD @ documents_UD.T
        return self.scale * scores_BU.gather(1, columns_BN.to(scores_BU.device))

    def _tokens(self, work: list[tuple[Kind, Integers]]) -> int:
        return sum(int(self.lengths[kind].of(rows).sum()) for kind, rows in work)


class _Lengths:
    """Tokens of texts by row, counted when they are first asked for."""

    def __init__(self, encoder: SentenceEncoder, texts: Sequence[str]) -> None:
        self.encoder = encoder
        self.texts = texts
        self.known = np.zeros(len(texts), dtype=np.int64)

    def of(self, rows: Integers) -> Integers:
        """Tokens of the texts in these rows."""
        new = np.unique(rows[self.known[rows] == 0])
        if len(new):
            self.known[new] = self.encoder.count_tokens([self.texts[row] for row in new])
        known: Integers = self.known[rows]
        return known


def counted(loss: Loss, drawn: Drawn) -> Integers:
    """Which queries a loss can learn from, (B,) 0 or 1; without its word, those with documents."""
    counts = getattr(loss, "counts", None)
    told: Any = drawn.mask.any(axis=1)
    if counts is not None:
        told = counts(torch.from_numpy(drawn.values), torch.from_numpy(drawn.mask)).numpy()
    rows: Integers = told.astype(np.int64)
    return rows
