"""LateInteraction: every token of the query looks for its best match in the document.

Shapes: T tokens of several texts, N documents, D dimensions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import byte_tokens, token_cells
from acclimate.models.indexes.byte_tokens import ByteTokens
from acclimate.models.indexes.encodes import Array, Encodes, Rows
from acclimate.models.indexes.max_sim import Tokens, blocks, count_about, gathered, scores
from acclimate.models.indexes.ranking import Ranking, best, nothing
from acclimate.models.indexes.residuals import Bits, Residuals
from acclimate.models.indexes.token_cells import TokenCells
from acclimate.models.ref import Encoder, Floats, Hits, Integers, Ref

WHOLE_CHARACTERS = 20_000_000
"""Of all documents: up to here (4 GB of token vectors) every document is encoded at once, so that
other queries find it ready; beyond it only those that are rated."""

EXACT = 1_000
"""Up to this many documents all are compared: nothing faster would pay."""

READ_BYTES = 2**29
"""Up to here each query reads a byte of every dimension of every token, a tenth of a second;
beyond it those in the nearest cells."""

QUERIES = 64
"""Queries that all documents are compared with at once."""

PROBES = 64
"""Cells that are looked into for each token of a query."""

FIRST, FEW = 256, 32
"""Documents that are compared before it is asked whether there can be better ones: by cells, and
where it is known how far off an estimate is."""

ROUGH = 8
"""Tokens that stand for those of a query when all documents are estimated."""

LEADING = 256
"""Documents that are read in all directions before it is asked whether there can be better ones."""

SURE, SURER = 4.0, 5.0
"""Standard deviations by which an estimate may be too low: of cells, and of half the directions."""


@dataclass(frozen=True)
class LateInteraction:
    """MaxSim over an encoder's own token vectors; nothing is trained.

    The mean over the query's tokens of the largest cosine with any token of the document. All
    documents are estimated from a byte of every token in each of the leading directions, half of
    all, and of a long query from eight means of near tokens. In the order of that, they are then
    read in all directions, until the rest can no longer come among the best: an estimate may be
    too low by five standard deviations of those read last. How far off bytes in all directions are
    at most is known, and what may be among the best then is compared itself. With `exact` all
    documents are read in all directions: what is found is what comparing all would find.

    In collections too large for that (`cells` and `bits` ask for it in any) each token of a query
    is compared with the tokens of its nearest cells alone, and documents are compared in the order
    of this estimate, which may be too low by four standard deviations; `exact` compares all.

    Paper:   Khattab, Zaharia, ColBERT, SIGIR 2020, section 3. https://arxiv.org/abs/2004.12832
    Code:    stanford-futuredata/ColBERT; none followed for bytes and cells.
    Differs: the token vectors are those of a sentence encoder, unprojected; special tokens are
             left out; the mean over query tokens instead of the sum, so that scores of short and
             long queries have one scale; how many documents are compared follows from the scores.
    Cost:    query tokens × document tokens × dimensions, half as many products of bytes for all
             documents and as many of floats for those that are compared; to build: two passes over
             the vectors, with cells: cells × tokens products, in the memory that the cells take.

    Args:
        encoder: gives token vectors.
        exact: leave no document to an estimate that may be wrong.
        cells: how many there are; None: about the square root of the tokens, times four, and none
            where every document can be estimated for each query.
        bits: of each dimension of a document's token, which is then kept as its cell's centre and
            a residual, and compared so: 1 or 2 (ColBERTv2). None: the vectors themselves, and a
            byte of each dimension to find them.
    """

    encoder: Ref[Encoder] = field(default_factory=Dense)
    exact: bool = False
    cells: int | None = None
    bits: Bits | None = None

    def __post_init__(self) -> None:
        """Refuse settings that find nothing."""
        if self.cells is not None and self.cells < 1:
            raise ModelError(f"{self!r}: cells must be at least 1.")

    def fingerprint(self) -> str:
        """Hash of the settings and the encoder's fingerprint."""
        things = f"late {self.exact} {self.cells} {self.bits} {self.encoder.fingerprint()}"
        return hashlib.sha256(things.encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> TokenIndex:
        """Encode the documents, or wait for those that are asked for when they are very many."""
        return TokenIndex(self, documents, engine)


class TokenIndex:
    """Token vectors of documents; use `LateInteraction.build`.

    Args:
        told: its settings.
        documents: texts.
        engine: encodes.
    """

    def __init__(self, told: LateInteraction, documents: Sequence[str], engine: Encodes) -> None:
        self.told = told
        self.documents = documents
        self.engine = engine
        self.compared = 0  # pairs of a query and a document, in all searches
        self._whole = told.bits is not None or sum(map(len, documents)) <= WHOLE_CHARACTERS
        if self._whole:
            self._rows(np.arange(len(documents)))

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        wanted = self._asked(queries)
        few = len(self.documents) <= EXACT and self.told.cells is None
        if few or not len(self.documents) or (self.told.exact and not self._reads_all):
            return self._all(wanted, depth)
        hits = nothing(len(queries), depth)
        for query in range(len(queries)):
            rows, values = self._near(wanted.of(np.array([query])), depth)
            hits.positions[query, : len(rows)], hits.scores[query, : len(rows)] = rows, values
        return hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents: each document is read once, for all its queries."""
        values = np.full(among.shape, -np.inf, dtype=np.float32)
        asking, cells = np.nonzero(among >= 0)
        distinct, place = np.unique(among[asking, cells], return_inverse=True)
        if len(distinct):
            wanted = self._asked(queries)
            rows = self._rows(distinct)
            order = np.argsort(place, kind="stable")
            ends = np.searchsorted(place[order], np.arange(len(distinct) + 1))
            for number, document in enumerate(distinct):
                pairs = order[ends[number] : ends[number + 1]]
                one = gathered(rows, [int(document) if self._whole else number])
                found = scores(wanted.of(asking[pairs]), one)[:, 0]
                values[asking[pairs], cells[pairs]] = found
        return Hits(among.astype(np.int64), values)

    def _all(self, wanted: Tokens, depth: int) -> Hits:
        """Compare every document."""
        ranking = Ranking(len(wanted), depth)
        every = np.arange(len(wanted))
        stretches = [wanted.of(every[a : a + QUERIES]) for a in range(0, len(wanted), QUERIES)]
        for first, documents in blocks(self._everything):
            parts = [scores(some, documents) for some in stretches]
            self.compared += len(wanted) * len(documents)
            if parts:
                ranking.add(np.concatenate(parts), first)
        return ranking.hits

    def _near(self, wanted: Tokens, depth: int) -> tuple[Integers, Floats]:
        """Compare documents of falling estimates until no other can be among the best."""
        rows, estimates, slack = self._estimated(wanted.vectors, depth)
        order = np.argsort(-estimates, kind="stable")
        rows, estimates = rows[order], estimates[order]
        found = np.zeros(0, dtype=np.float32)
        size = max(FIRST if slack is None else FEW, 2 * depth)
        for start in range(0, len(rows), size):
            some = rows[start : start + size].tolist()
            found = np.append(found, scores(wanted, gathered(self._everything, some))[0])
            error = found[start:] - estimates[start : start + size]
            above = error.mean() + SURE * error.std() if slack is None else slack
            if (estimates[start + size :][:1] + above < _last(found, depth)).any():
                break
        self.compared += len(found)
        return best(rows[: len(found)], found, depth)

    def _estimated(self, query: Floats, depth: int) -> tuple[Integers, Floats, float | None]:
        """Documents and about their scores; how far off at most, where that is known."""
        every = np.arange(len(self.documents))
        if not self._reads_all:
            return every, self._cells.estimates(query, PROBES), None
        if self.told.exact or self._width < 2:
            return every, *self._bytes.estimates(query)
        directions, held = self._leading
        rough, _ = held.estimates(*byte_tokens.merged(query @ directions, ROUGH))
        order = np.argsort(-rough, kind="stable")
        found, slack = np.zeros(0, dtype=np.float32), 0.0
        for start in range(0, len(order), max(LEADING, depth)):
            rows = order[start : start + max(LEADING, depth)]
            near, slack = self._bytes.of(rows).estimates(query)
            found = np.append(found, near)
            error = near - rough[rows]
            above = error.mean() + SURER * error.std()
            if (rough[order[len(found) :][:1]] + above < _last(found, depth)).any():
                break
        return order[: len(found)], found, slack

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self._cells.centres)

    @cached_property
    def _reads_all(self) -> bool:
        """Whether every token can be read for each query."""
        if self.told.cells is not None or self.told.bits is not None:
            return False
        return count_about(self._everything) * self._width <= READ_BYTES

    @cached_property
    def _width(self) -> int:
        return int(self._everything[0].shape[1])

    @cached_property
    def _bytes(self) -> ByteTokens:
        name = f"bytes {self.told.encoder.fingerprint()}"
        make = partial(byte_tokens.build, self._everything)
        return ByteTokens.found(self.engine.keep(name, self.documents, make))

    @cached_property
    def _leading(self) -> tuple[Floats, ByteTokens]:
        """The leading directions, and all tokens in them."""

        def make() -> Mapping[str, Array]:
            directions = byte_tokens.leading(self._everything)
            turned = byte_tokens.Turned(self._everything, directions)
            return {**byte_tokens.build(turned), "directions": directions}

        name = f"leading bytes {self.told.encoder.fingerprint()}"
        arrays = self.engine.keep(name, self.documents, make)
        return np.asarray(arrays["directions"]), ByteTokens.found(arrays)

    @cached_property
    def _cells(self) -> TokenCells:
        return TokenCells.found(self._arrays, len(self.documents))

    @cached_property
    def _arrays(self) -> Mapping[str, Array]:
        told, texts = self.told, self.documents

        def make() -> Mapping[str, Array]:
            rows = self.engine.encode_tokens(told.encoder, texts, kind="document")
            return token_cells.build(rows, told.cells, told.bits)

        return self.engine.keep(told.fingerprint(), texts, make)

    @cached_property
    def _everything(self) -> Rows:
        """Token vectors of all documents."""
        if self.told.bits is not None and len(self.documents):
            return Residuals.found(self._arrays)
        return self.engine.encode_tokens(self.told.encoder, self.documents, kind="document")

    def _rows(self, wanted: Integers) -> Rows:
        """Token vectors of all documents, or of the wanted ones where there are too many."""
        if self._whole:
            return self._everything
        texts = [self.documents[row] for row in wanted]
        return self.engine.encode_tokens(self.told.encoder, texts, kind="document")

    def _asked(self, queries: Sequence[str]) -> Tokens:
        rows = self.engine.encode_tokens(self.told.encoder, queries, kind="query")
        return gathered(rows, range(len(queries)))


def _last(found: Floats, depth: int) -> float:
    """The lowest of the `depth` best scores so far."""
    return float(np.partition(found, -depth)[-depth]) if depth <= len(found) else -np.inf
