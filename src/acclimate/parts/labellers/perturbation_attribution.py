"""PerturbationAttribution: what each document adds to an answer, from answers without some of them.

Shapes: B queries, M masks, K documents of a query.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts._answers import MASK
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._pairs import grid, labelled
from acclimate.parts.labellers._reading import Target, asked, check_reading, context
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

Values = np.ndarray[Any, np.dtype[np.float64]]
Masks = np.ndarray[Any, np.dtype[np.bool_]]

_AT_ONCE, _COUNTED = 32, 512
"""Queries whose contexts are held at once, and for which documents are only counted."""


@dataclass(frozen=True, kw_only=True)
class PerturbationAttribution:
    """Labels by how much a reader needs each document of a list to find a text likely.

    A reader gets the documents of a query together, again and again, each time with another random
    half of them left out. With f(m) the log-likelihood of the text when mask m keeps documents, a
    ridge regression f(m) ≈ b + Σ_k u_k m_k gives each document its utility u_k, in nats. So
    documents that help only together get their share, and copies of each other divide theirs, which
    reading documents one by one cannot see.

    Rows: [008].

    Paper:   SCARLet: Utility-based retriever via shared-context attribution, EMNLP 2025.
             https://arxiv.org/abs/2504.00573
    Code:    none published: the released code lacks the module of the attribution.
    Differs: the strength of the ridge is not known; log-likelihoods stand for the logits of the
             text's tokens. A counting reader reads neither the prompt nor the query.
    Cost:    `masks` readings of half a list per query.

    Args:
        reader: readers.LanguageModel, of sums (per_token=False) and long enough for half a list
            (max_length), or readers.NGramReader, which counts words.
        target: the text, as for `labellers.ReaderLikelihood`.
        masks: readings of each query. Paper: 64.
        keep: chance of a document to be read, above 0 and below 1. Paper: 0.5.
        ridge: λ of the squares of utilities.
        prompt: what a language model reads before the text, with {document}, where all documents of
            a mask stand one per line, and, if wanted, {query} in it. None: as for
            `labellers.ReaderLikelihood`.
        mask: what stands for the answer in a query, as its generator has it.

    Returns:
        One label per candidate, in the order of the candidates. Queries that have no such text are
        left out, and a source that is the text itself.
    """

    reader: Ref[Scorer] | NGramReader = field(default_factory=lambda: NGramReader(per_token=False))
    target: Target = "answer"
    masks: int = 64
    keep: float = 0.5
    ridge: float = 1.0
    prompt: str | None = None
    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse masks that say nothing, and a regression without a solution."""
        check_reading(self, self.prompt, self.mask)
        if self.masks < 2 or not 0 < self.keep < 1 or self.ridge <= 0:
            raise RecipeError(
                f"PerturbationAttribution(masks={self.masks}, keep={self.keep}, "
                f"ridge={self.ridge}): give 2 masks or more, a keep above 0 and below 1, and a "
                "ridge above 0."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        told = asked(self.target, self.mask, corpus, queries, candidates)
        cells = grid(told.queries, told.documents)
        values = np.full(cells.documents.shape, np.nan, dtype=np.float32)
        lists = [line[line >= 0].tolist() for line in cells.documents]
        masks = self._masks([queries["query_id"][row] for row in cells.queries], lists, ctx)
        size = _COUNTED if isinstance(self.reader, NGramReader) else _AT_ONCE
        blocks = range(0, len(lists), size)
        for start in ctx.track(blocks, "reading with masks", len(blocks)):
            block = [
                _Read(row, told.texts[row], lists[line], masks[line])
                for line, row in enumerate(cells.queries[start : start + size].tolist(), start)
            ]
            if isinstance(self.reader, NGramReader):
                found = self._counted(self.reader, corpus, block, ctx)
            else:
                found = self._likelihoods(self.reader, corpus, queries, block, ctx)
            for line, (read, of_masks) in enumerate(zip(block, found, strict=True), start):
                values[line, : len(read.rows)] = attributed(read.masks, of_masks, self.ridge)
        return labelled(told.candidates, cells.of(values), f"attribution, {self.reader!r}")

    def _masks(self, names: list[str], lists: list[list[int]], ctx: Context) -> list[Masks]:
        """The masks (M, K) of each query: by its id, whatever the others are."""
        seed = salt(ctx, self)
        return [
            rng_of(name, seed).random((self.masks, len(rows))) < self.keep
            for name, rows in zip(names, lists, strict=True)
        ]

    def _counted(
        self, reader: NGramReader, corpus: Corpus, block: list[_Read], ctx: Context
    ) -> Values:
        """What a counting reader gives each text by each mask, (B, M).

        An empty document is read besides, so that something is there where a mask keeps nothing.
        """
        width = max((len(read.rows) for read in block), default=0) + 1
        among = np.full((len(block), self.masks, width), -1, dtype=np.int64)
        for line, read in enumerate(block):
            among[line, :, : len(read.rows)] = np.where(read.masks, read.rows, -1)
        among[:, :, -1] = len(corpus)
        hits = ctx.engine.search(
            replace(reader, together=True),
            [*corpus.contents, ""],
            [read.text for read in block for _ in range(self.masks)],
            among=among.reshape(-1, width),
        )
        return hits.scores[:, -1].reshape(len(block), self.masks).astype(np.float64)

    def _likelihoods(
        self,
        reader: Ref[Scorer],
        corpus: Corpus,
        queries: Queries,
        block: list[_Read],
        ctx: Context,
    ) -> Values:
        """What a language model gives each text by each mask, (B, M)."""
        contents, questions = corpus.contents, queries["text"]
        texts = [read.text for read in block for _ in range(self.masks)]
        contexts = [
            context(self.prompt, self.target, documents, questions[read.query])
            for read in block
            for documents in read.contexts(contents)
        ]
        scores = ctx.engine.score(reader, texts, contexts)
        return scores.reshape(len(block), self.masks).astype(np.float64)


@dataclass(frozen=True, eq=False)
class _Read:
    """A query that is read with masks.

    Args:
        query: its row.
        text: whose likelihood is asked for.
        rows: of its K documents.
        masks: which of them are kept, (M, K).
    """

    query: int
    text: str
    rows: list[int]
    masks: Masks

    def contexts(self, contents: list[str]) -> Iterator[str]:
        """The documents that each mask keeps, one per line."""
        for mask in self.masks.tolist():
            kept = [row for row, keeps in zip(self.rows, mask, strict=True) if keeps]
            yield "\n".join(contents[row] for row in kept)


def attributed(masks: Masks, values: Values, ridge: float) -> Values:
    """The utility of each document, (K,): the slopes of a ridge regression whose mean is free.

    Args:
        masks: which documents were read, (M, K).
        values: what came of it, (M,).
        ridge: λ.

    Example:
        >>> masks = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=bool)
        >>> attributed(masks, np.array([1.0, 1, 4, 4]), 1e-9).round(6).tolist()
        [3.0, 0.0]
    """
    read_MK = masks - masks.mean(axis=0)
    scatter_KK = read_MK.T @ read_MK + ridge * np.eye(masks.shape[1])
    found: Values = np.linalg.solve(scatter_KK, read_MK.T @ (values - values.mean()))
    return found
