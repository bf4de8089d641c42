"""PerturbationAttribution: what each document adds to an answer, from answers without some of them.

Shapes: M masks, K documents of a query.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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

_AT_ONCE = 32
"""Queries whose contexts are held at once."""


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
             text's tokens. A counting reader reads the documents of a mask as one, and knows how
             frequent words are from the query's own list.
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
        contents, questions = corpus.contents, queries["text"]
        blocks = range(0, len(lists), _AT_ONCE)
        for start in ctx.track(blocks, "reading with masks", len(blocks)):
            lines = range(start, min(start + _AT_ONCE, len(lists)))
            read = [
                (questions[row], told.texts[row], _kept(contents, lists[line], masks[line]))
                for line, row in zip(lines, cells.queries[start:].tolist(), strict=False)
            ]
            for line, found in zip(lines, self._read(read, ctx), strict=True):
                values[line, : len(lists[line])] = attributed(masks[line], found, self.ridge)
        return labelled(told.candidates, cells.of(values), f"attribution, {self.reader!r}")

    def _masks(self, names: list[str], lists: list[list[int]], ctx: Context) -> list[Masks]:
        """The masks (M, K) of each query: by its id, whatever the others are."""
        seed = salt(ctx, self)
        return [
            rng_of(name, seed).random((self.masks, len(rows))) < self.keep
            for name, rows in zip(names, lists, strict=True)
        ]

    def _read(self, read: list[tuple[str, str, list[str]]], ctx: Context) -> Iterator[Values]:
        """What the reader gives each text after each of its contexts, (M,) for each query."""
        if isinstance(self.reader, NGramReader):
            among = np.arange(self.masks)[None, :]
            for _, text, contexts in read:
                hits = ctx.engine.search(self.reader, contexts, [text], among=among)
                yield hits.scores[0].astype(np.float64)
            return
        texts = [text for _, text, contexts in read for _ in contexts]
        before = [
            context(self.prompt, self.target, documents, question)
            for question, _, contexts in read
            for documents in contexts
        ]
        scores = ctx.engine.score(self.reader, texts, before).astype(np.float64)
        yield from scores.reshape(len(read), self.masks)


def _kept(contents: list[str], rows: list[int], masks: Masks) -> list[str]:
    """The documents that each mask keeps, one per line."""
    return [
        "\n".join(contents[row] for row, kept in zip(rows, mask, strict=True) if kept)
        for mask in masks.tolist()
    ]


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
