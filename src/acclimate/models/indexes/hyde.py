"""HyDE: a query is searched with as the passages that a language model would answer it with.

Shapes: Q queries, N written passages of a query, D dimensions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.flat import FlatIndex
from acclimate.models.indexes.vector_prf import single
from acclimate.models.ref import Encoder, Floats, Ref, Writer

PROMPT = "Write a passage that answers the question.\nQuestion: {query}\nPassage:"
"""What is asked where no prompt is given."""


@dataclass(frozen=True)
class HyDE:
    """Exact search with the mean of a query's vector and those of passages written for it.

    v = (f(q) + Σ_n f(g_n)) / (N + 1)

    What a language model writes to answer a query may be wrong in every fact, and still has the
    form and the words of the documents that answer it: a query becomes a document, and documents
    are compared with documents. Nothing is trained, so that it is what an adapted student has to
    be compared with; it can search with one as well.

    Rows: [100].

    Paper:   HyDE: Precise Zero-Shot Dense Retrieval without Relevance Labels, 2022.
             https://arxiv.org/abs/2212.10496
    Code:    texttron/hyde.
    Differs: our own wording; a query for which nothing is written is searched with as it is.
    Cost:    `count` generations per query, and their encoding.

    Args:
        writer: writes the passages, at the temperature of its own settings. Paper: 0.7.
        encoder: turns texts into vectors, one each.
        count: passages of a query. Paper: 8. 0: plain search.
        prompt: what is asked, with {query} in it; of the task's own.
    """

    writer: Ref[Writer]
    encoder: Ref[Encoder] = field(default_factory=Dense)
    count: int = 8
    prompt: str = PROMPT

    def __post_init__(self) -> None:
        """Refuse a prompt that does not show the query, and fewer passages than none."""
        if "{query}" not in self.prompt or self.count < 0:
            raise ModelError(
                f"HyDE(count={self.count}, prompt={self.prompt!r}): give 0 passages or more, and "
                "write {query} where the query is to stand."
            )

    def fingerprint(self) -> str:
        """Hash of both models and of what is asked."""
        told = (self.writer.fingerprint(), self.encoder.fingerprint(), self.count, self.prompt)
        return hashlib.sha256(f"hyde {told}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> HyDEIndex:
        """Encode the documents; queries are written about when they come.

        Raises:
            ModelError: when the encoder gives no single vector.
        """
        return HyDEIndex(single(self.encoder, documents, engine), self)


class HyDEIndex(FlatIndex):
    """Document vectors that are searched with written passages; use `HyDE.build`."""

    def __init__(self, flat: FlatIndex, told: HyDE) -> None:
        super().__init__(flat.encoder, flat.vectors, flat.engine)
        self.told = told

    def asked(self, queries: Sequence[str]) -> Floats:
        """The vectors that are searched with, (Q, D) float32."""
        own = np.asarray(super().asked(queries))
        if not self.told.count or not len(queries):
            return own
        prompts = [self.told.prompt.replace("{query}", query) for query in queries]
        written = self.engine.write(self.told.writer, prompts, count=self.told.count, seed=0)
        told = [[passage.text for passage in row if passage.text.strip()] for row in written]
        texts = [text for row in told for text in row]
        if not texts:
            return own
        vectors = np.asarray(self.engine.encode(self.encoder, texts, kind="document"))
        bounds = pairwise(accumulate(map(len, told), initial=0))
        means = [
            (query_D + vectors[a:b].sum(axis=0)) / (1 + b - a)
            for query_D, (a, b) in zip(own, bounds, strict=True)
        ]
        return np.asarray(means, dtype=np.float32)
