"""Learner: runs the student over what a step looks at, and calls the loss.

Activations fill the memory of training, so a step is cut into pieces of a few thousand tokens,
each carried back before the next begins. Texts of a piece are encoded once, in stretches of
like length, so that little padding is computed. Dropout is off unless the student's shape asks
for it: a teacher's values do not overfit as hard labels do, and without it attention needs no
matrix in memory and half the time.

Shapes: B queries, K documents of each, U distinct documents, D dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from acclimate.models.family import reading
from acclimate.models.ref import Floats, Integers, Kind
from acclimate.models.student import Nests, Presses, Shape, drops
from acclimate.parts.loops._dropout import Dropout
from acclimate.parts.loops._groups import Drawn
from acclimate.parts.loops._lengths import Lengths, alike_stretches
from acclimate.parts.loops._material import Material, counted
from acclimate.parts.loops._processes import ALONE
from acclimate.parts.part import Loss

PIECE_TOKENS = 5_120
"""Tokens that are carried back together: about 1.6 GB for a model of MiniLM's size."""

WHOLE = 1.25
"""Pieces of tokens up to which a batch as a whole is encoded once and carried back at once."""

STRETCH = 0.5
"""Pieces of tokens of a stretch, in which larger batches are carried back: less than one, so that
these and what the allocator cannot give back between them fit into the memory of a small batch."""


class Learner(torch.nn.Module):
    """The student and the loss; `pieces` gives what is to be carried back, one after the other.

    Args:
        model: an opened sentence-transformers model.
        loss: of (B, K) scores.
        material: what it looks at.
        lower: whether to compute in bfloat16 where it is safe.
        head: what learns behind vectors that do not; None when the encoder learns.
        scale: what scores are multiplied with.
        shape: how the student learns: it may press on tensors, or nest the loss in cuts of them.
    """

    team = ALONE
    """The processes that share each update."""

    def __init__(
        self,
        model: Any,
        loss: Loss,
        material: Material,
        *,
        lower: bool,
        head: torch.nn.Module | None = None,
        scale: float = 1.0,
        shape: Shape | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.encoder = reading(model)
        self.loss = loss
        self.material = material
        self.lower = lower
        self.head = head
        self.scale = scale
        self.press = shape if isinstance(shape, Presses) and shape.presses else None
        self.nests = shape if isinstance(shape, Nests) else None
        self.dropout = Dropout(model, material.turns.seed, on=drops(shape))
        self.lengths = {
            "query": Lengths(self._count, material.queries),
            "document": Lengths(self._count, material.documents),
        }

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        self.dropout.update = int(places[0])
        in_batch = bool(getattr(self.loss, "in_batch", False))
        if self.head is not None:  # nothing is encoded, so nothing needs to be cut
            drawn = self._widened(places)[0] if in_batch else self.material.draw(places)
            loss = self._told(drawn) / self.team.count
            yield loss, float(loss.detach())
            return
        if in_batch or self.press is not None:
            yield from self._whole(places, wide=in_batch)
            return
        drawn = self.material.draw(places)
        counts = self._counts(drawn)
        total = max(int(counts.sum()), 1)
        for rows in self.team.mine(self._cut(drawn)):
            share = int(counts[rows].sum()) / total
            if share:
                piece = drawn.rows(rows)
                loss = share * self._told(piece)
                yield loss, float(loss.detach())

    def scores(self, drawn: Drawn) -> torch.Tensor:
        """The student's scores, (B, K); anything where there is no document. Without dropout."""
        self.dropout.update = None
        return self._compared(*self._tensors(drawn))

    def _tensors(self, drawn: Drawn) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Those of queries and of distinct documents, and which of these a cell is, (B, K)."""
        queries_BD = self._queries(drawn.queries)
        rows, columns = np.unique(drawn.filled, return_inverse=True)
        columns_BK = torch.from_numpy(columns.reshape(drawn.documents.shape))
        return queries_BD, self._documents(rows), columns_BK

    def _compared(
        self, queries_BD: torch.Tensor, documents_UD: torch.Tensor, columns_BK: torch.Tensor
    ) -> torch.Tensor:
        scores_BU: torch.Tensor = self.encoder.compared(queries_BD, documents_UD)
        return self.scale * scores_BU.gather(1, columns_BK.to(scores_BU.device))

    def _told(self, drawn: Drawn) -> torch.Tensor:
        """The loss of what is drawn."""
        return self._value(*self._tensors(drawn), drawn)

    def _value(
        self, queries: torch.Tensor, documents: torch.Tensor, columns: torch.Tensor, drawn: Drawn
    ) -> torch.Tensor:
        """The loss of tensors; where the student's shape nests, that of each of its cuts."""
        if self.nests is None:
            return self._loss(self._compared(queries, documents, columns), drawn)
        cuts = self.nests.cuts(queries, documents, unit=self.encoder.normalised)
        told = [w * self._loss(self._compared(q, d, columns), drawn) for w, q, d in cuts]
        return torch.stack(told).sum()

    def _loss(self, scores: torch.Tensor, drawn: Drawn) -> torch.Tensor:
        targets = torch.from_numpy(drawn.values).to(scores.device)
        mask = torch.from_numpy(drawn.mask).to(scores.device)
        loss: Any = self.loss
        told = [torch.from_numpy(t) for t in (drawn.reference, drawn.weights) if t is not None]
        value: torch.Tensor = loss(scores, targets, mask, *(t.to(scores.device) for t in told))
        return value

    def _counts(self, drawn: Drawn) -> Integers:
        return counted(self.loss, drawn)

    def _count(self, texts: Sequence[str]) -> Integers:
        tokens: Integers = self.encoder.count_tokens(texts)
        return tokens

    @property
    def _piece(self) -> int:
        """Tokens that are carried back together."""
        return PIECE_TOKENS // int(self.encoder.token_cost)

    def _cut(self, drawn: Drawn) -> Iterator[Integers]:
        """Rows of each piece: queries whose documents have like lengths.

        A document of several queries is encoded once in a piece, and counts once.
        """
        sizes = self.lengths["query"].of(drawn.queries)
        weights = np.zeros_like(drawn.documents)
        if self.material.vectors is None:
            weights = self.lengths["document"].of(drawn.filled) * drawn.mask
        order = np.lexsort((np.arange(len(sizes)), sizes + weights.sum(axis=1)))
        most = self.team.portion(int(sizes.sum() + weights.sum()), self._piece)
        start, held = 0, 0
        known: set[int] = set()
        for place, row in enumerate(order):
            added = self._added(drawn.documents[row], weights[row], known) + int(sizes[row])
            if held + added > most and place > start:
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
        stretches = list(self._stretches(rows, kind, self._piece))
        vectors: torch.Tensor = self.encoder.joined(
            [self._forward(rows[s], kind) for s in stretches]
        )
        back = np.argsort(np.concatenate(stretches), kind="stable")
        return vectors[torch.from_numpy(back).to(vectors.device)]

    def _stretches(self, rows: Integers, kind: Kind, most: int) -> Iterator[Integers]:
        """Places of texts that are encoded together, short ones first; `most` tokens each."""
        lengths = self.lengths[kind].of(rows)
        order = np.argsort(lengths, kind="stable")
        for stretch in alike_stretches(lengths[order], most):
            yield order[stretch]

    def _forward(self, rows: Integers, kind: Kind) -> torch.Tensor:
        texts = self.material.queries if kind == "query" else self.material.documents
        lower = torch.autocast(self.model.device.type, torch.bfloat16, enabled=self.lower)
        with self.dropout.reading(int(kind == "query"), int(rows[0])), lower:
            made: torch.Tensor = self.encoder.tensors([texts[row] for row in rows], kind=kind)
        return made

    def _drawn(self, places: Integers) -> tuple[Drawn, Integers]:
        """Each query with its own documents, and which those of all are."""
        drawn = self.material.draw(places)
        return drawn, np.unique(drawn.filled)

    def _widened(self, places: Integers) -> tuple[Drawn, Integers]:
        """Each query with the documents of all, as its loss wants them, and which those are."""
        return self.material.widened(places, self.loss)

    def _whole(self, places: Integers, *, wide: bool) -> Iterator[tuple[torch.Tensor, float]]:
        """A batch as a whole: vectors first, then the gradient of each stretch.

        Encoding twice costs a third more time than once, and keeps memory to one stretch.
        """
        drawn, documents = self._widened(places) if wide else self._drawn(places)
        asked: list[tuple[Kind, Integers]] = [("query", drawn.queries)]
        read = asked if self.material.vectors is not None else [*asked, ("document", documents)]
        small = self._tokens(read) <= WHOLE * self._piece and self.team.alone
        most = self._piece if small else int(STRETCH * self._piece)
        order = list(self._stretches(drawn.queries, "query", most))
        work: list[tuple[Kind, Integers]] = [("query", drawn.queries[s]) for s in order]
        drawn = drawn.rows(np.concatenate(order))
        if self.material.vectors is None:
            order = list(self._stretches(documents, "document", most))
            work += [("document", documents[s]) for s in order]
            documents = documents[np.concatenate(order)]
        with torch.set_grad_enabled(small):
            made = [self._forward(rows, kind) for kind, rows in self.team.mine(work)]
        parts = self.team.exchanged(made, len(work))
        leaves = parts if small else [part.requires_grad_() for part in parts]
        loss = self._value(*self._against(leaves, work, drawn, documents), drawn)
        if self.press is not None:  # batches follow one another, all of one size
            step = int(places[0]) // len(places)
            for kind in ("query", "document"):
                loss = loss + self.press.pressure(self._of(kind, leaves, work), kind, step)
        if small:
            yield loss, float(loss.detach())
            return
        gradients = torch.autograd.grad(loss, leaves)
        value = float(loss.detach()) if self.team.first else 0.0
        for (kind, rows), gradient in self.team.mine(zip(work, gradients, strict=True)):
            piece = (self._forward(rows, kind) * gradient).sum()
            if piece.requires_grad:  # queries looked up in a table may have nothing to learn
                yield piece, value
                value = 0.0
        if value:
            yield torch.zeros((), requires_grad=True), value

    def _against(
        self,
        parts: list[torch.Tensor],
        work: list[tuple[Kind, Integers]],
        drawn: Drawn,
        documents: Integers,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        queries_BD = self._of("query", parts, work)
        known = self.material.vectors is not None
        documents_UD = self._documents(documents) if known else self._of("document", parts, work)
        column = np.zeros(int(documents.max()) + 1, dtype=np.int64)
        column[documents] = np.arange(len(documents))
        return queries_BD, documents_UD, torch.from_numpy(column[drawn.filled])

    def _of(
        self, kind: Kind, parts: list[torch.Tensor], work: list[tuple[Kind, Integers]]
    ) -> torch.Tensor:
        """The tensors of one kind of text, joined."""
        own = [p for p, w in zip(parts, work, strict=True) if w[0] == kind]
        joined: torch.Tensor = self.encoder.joined(own)
        return joined

    def _tokens(self, work: list[tuple[Kind, Integers]]) -> int:
        return sum(int(self.lengths[kind].of(rows).sum()) for kind, rows in work)
