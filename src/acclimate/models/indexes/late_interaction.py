"""LateInteraction: every token of the query looks for its best match in the document.

Shapes: T tokens of several queries, L tokens of a document, D dimensions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.encodes import Encodes, Rows
from acclimate.models.indexes.ranking import Ranking
from acclimate.models.ref import Encoder, Floats, Hits, Integers, Ref

WHOLE_CHARACTERS = 20_000_000
"""Of all documents: up to here (4 GB of token vectors) every document is encoded at once, so that
other queries find it ready; beyond it only those that are rated."""

BLOCK = 256
"""Documents whose scores are held at once when all are searched."""

NOTHING = -1.0
"""Score of a document without a token: the lowest cosine."""


@dataclass(frozen=True)
class LateInteraction:
    """MaxSim over an encoder's own token vectors; nothing is trained.

    The mean over the query's tokens of the largest cosine with any token of the document.

    Paper:   Khattab, Zaharia, ColBERT, SIGIR 2020, section 3. https://arxiv.org/abs/2004.12832
    Code:    stanford-futuredata/ColBERT.
    Differs: the token vectors are those of a sentence encoder, unprojected; special tokens are
             left out; the mean over query tokens instead of the sum, so that scores of short and
             long queries have one scale.
    Cost:    query tokens × document tokens × dimensions per pair.

    Args:
        encoder: gives token vectors.
    """

    encoder: Ref[Encoder] = field(default_factory=Dense)

    def fingerprint(self) -> str:
        """Hash of the encoder's fingerprint."""
        return hashlib.sha256(f"late {self.encoder.fingerprint()}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> TokenIndex:
        """Encode the documents, or wait for those that are asked for when they are very many."""
        return TokenIndex(self.encoder, documents, engine)


class TokenIndex:
    """Token vectors of documents; use `LateInteraction.build`."""

    def __init__(self, encoder: Ref[Encoder], documents: Sequence[str], engine: Encodes) -> None:
        self.encoder = encoder
        self.documents = documents
        self.engine = engine
        self._whole = sum(map(len, documents)) <= WHOLE_CHARACTERS
        if self._whole:
            self._rows(np.arange(len(documents)))

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number.

        Every document is compared with every query: for small collections.
        """
        wanted = _Queries(self.engine.encode_tokens(self.encoder, queries, kind="query"))
        rows = self._rows(np.arange(len(self.documents)))
        ranking = Ranking(len(queries), depth)
        everyone = np.arange(len(queries))
        for first in range(0, len(self.documents), BLOCK):
            block = range(first, min(first + BLOCK, len(self.documents)))
            scores = [wanted.scores(everyone, rows[row]) for row in block]
            ranking.add(np.stack(scores, axis=1), first)
        return ranking.hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents: each document is read once, for all its queries."""
        scores = np.full(among.shape, -np.inf, dtype=np.float32)
        asking, cells = np.nonzero(among >= 0)
        asked = among[asking, cells]
        distinct, place = np.unique(asked, return_inverse=True)
        if len(distinct):
            wanted = _Queries(self.engine.encode_tokens(self.encoder, queries, kind="query"))
            rows = self._rows(distinct)
            order = np.argsort(place, kind="stable")
            ends = np.searchsorted(place[order], np.arange(len(distinct) + 1))
            for number, document in enumerate(distinct):
                pairs = order[ends[number] : ends[number + 1]]
                tokens = rows[int(document) if self._whole else number]
                scores[asking[pairs], cells[pairs]] = wanted.scores(asking[pairs], tokens)
        return Hits(among.astype(np.int64), scores)

    def _rows(self, wanted: Integers) -> Rows:
        """Token vectors of all documents, or of the wanted ones where there are too many."""
        texts = self.documents if self._whole else [self.documents[row] for row in wanted]
        return self.engine.encode_tokens(self.encoder, texts, kind="document")


class _Queries:
    """Token vectors of all queries in one array."""

    def __init__(self, rows: Rows) -> None:
        tokens = [rows[row] for row in range(len(rows))]
        self.ends = np.cumsum([0, *map(len, tokens)])
        self.tokens = np.concatenate(tokens) if tokens else np.zeros((0, 0), np.float32)

    def scores(self, queries: Integers, document: Floats) -> Floats:
        """Scores of one document for these queries, (len(queries),)."""
        lengths = self.ends[queries + 1] - self.ends[queries]
        out = np.zeros(len(queries), dtype=np.float32)
        if not len(document):
            return np.full(len(queries), NOTHING, dtype=np.float32)
        if not lengths.any():
            return out
        # Row numbers of the tokens of these queries, one query after the other.
        starts = np.cumsum(lengths) - lengths
        places = np.repeat(self.ends[queries] - starts, lengths) + np.arange(lengths.sum())
        best_T = (self.tokens[places] @ document.T).max(axis=1)
        some = lengths > 0
        out[some] = np.add.reduceat(best_T, starts[some]) / lengths[some]
        return out
