"""Focused: late interaction that looks at the best matches of a question and of its context.

Shapes: Q tokens of a query, U documents, K candidates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.max_sim import Tokens, blocks, gathered, matches
from acclimate.models.indexes.ranking import Ranking, rated
from acclimate.models.ref import Encoder, Floats, Hits, Integers, Ref


@dataclass(frozen=True)
class Focused:
    """FLIPR: of a question's tokens the best matched count, and of its context's a few.

    A question that needs several documents says something of each: a document that answers a part
    of it should not be marked down for the rest. A query is the question, and behind `separator`
    what was found before: so the second hop asks with a fact that the first one brought. The score
    is the sum of the `tokens` largest of the question's best matches and of the `context_tokens`
    largest of the context's. Where all count, it is the sum of late interaction.

    Rows: [054].

    Paper:   Khattab, Potts, Zaharia, Baleen: Robust Multi-Hop Reasoning at Scale via Condensed
             Retrieval, NeurIPS 2021. https://arxiv.org/abs/2101.00436
    Code:    stanford-futuredata/ColBERT, its `flipr` scorer.
    Differs: any encoder's token vectors, not trained for it; queries are not filled up with masks,
             so that a short question has fewer tokens than may count.
    Cost:    every document is compared with every query, as `LateInteraction(exact=True)`; each
             query is encoded twice, with its context and without.

    Args:
        encoder: gives token vectors.
        tokens: of the question, that count. Code: 32, of 64.
        context_tokens: of the context, that count. Code: 8.
        separator: what stands between question and context.
    """

    encoder: Ref[Encoder] = field(default_factory=Dense)
    tokens: int = 32
    context_tokens: int = 8
    separator: str = " [SEP] "

    def __post_init__(self) -> None:
        """Refuse settings under which nothing counts, or no context is seen."""
        if self.tokens < 1 or self.context_tokens < 0 or not self.separator:
            raise ModelError(
                f"{self!r}: give tokens=1 or more, context_tokens=0 or more and a separator."
            )

    def fingerprint(self) -> str:
        """Hash of the settings and the encoder's fingerprint."""
        told = f"{self.tokens} {self.context_tokens} {self.separator} {self.encoder.fingerprint()}"
        return hashlib.sha256(f"focused {told}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> FocusedIndex:
        """Encode the documents."""
        return FocusedIndex(self, documents, engine)


class FocusedIndex:
    """Token vectors of documents; use `Focused.build`.

    Args:
        told: its settings.
        documents: texts.
        engine: encodes.
    """

    def __init__(self, told: Focused, documents: Sequence[str], engine: Encodes) -> None:
        self.told, self.engine = told, engine
        self._rows = engine.encode_tokens(told.encoder, documents, kind="document")

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        ranking, asked = Ranking(len(queries), depth), list(self._asked(queries))
        for first, documents in blocks(self._rows):
            if asked:
                ranking.add(np.stack([self._scores(*one, documents) for one in asked]), first)
        return ranking.hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents."""

        def scored() -> Iterator[Floats]:
            for one, rows in zip(self._asked(queries), among, strict=True):
                yield self._scores(*one, gathered(self._rows, np.maximum(rows, 0).tolist()))

        return rated(among, scored())

    def _asked(self, queries: Sequence[str]) -> Iterator[tuple[Floats, int]]:
        """The token vectors of each query, and how many of them are the question's."""
        questions = [query.partition(self.told.separator)[0] for query in queries]
        whole = self.engine.encode_tokens(self.told.encoder, queries, kind="query")
        alone = self.engine.encode_tokens(self.told.encoder, questions, kind="query")
        for row in range(len(queries)):
            yield whole[row], len(alone[row])

    def _scores(self, vectors: Floats, split: int, documents: Tokens) -> Floats:
        best_QU = matches(vectors, documents)
        return focused(best_QU, split, self.told.tokens, self.told.context_tokens)


def focused(matches: Floats, split: int, tokens: int, context_tokens: int) -> Floats:
    """The sum of a question's largest matches and of its context's, (U,).

    Args:
        matches: of each token of a query with each document, (Q, U).
        split: how many of the tokens are the question's; they come first.
        tokens: of the question, that count.
        context_tokens: of the context, that count.

    Example:
        >>> found = np.array([[0.9], [0.1], [0.8], [0.2], [0.7], [0.1], [0.05]])
        >>> [round(float(focused(found, 4, *some)[0]), 2) for some in ((2, 1), (9, 9))]
        [2.4, 2.85]
    """
    parts = ((matches[:split], tokens), (matches[split:], context_tokens))
    sums = [np.sort(part, axis=0)[::-1][:count].sum(axis=0) for part, count in parts]
    return np.asarray(sums[0] + sums[1], dtype=np.float32)
