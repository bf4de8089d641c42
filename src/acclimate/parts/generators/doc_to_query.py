"""DocToQuery: a language model writes queries for each document."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer, Written
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "doc2query"

_AT_ONCE = 16


@dataclass(frozen=True, kw_only=True)
class DocToQuery:
    """Queries written by a sequence-to-sequence model that reads title and text.

    GPL's rule of size: about `at_least` queries in all. With 3 · |corpus| > at_least, documents
    are drawn evenly until at_least / 3 are left, with three queries each; with fewer documents
    each gets at_least / |corpus|. Sampling (top-k, top-p, temperature) is the writer's business.

    Rows: [P1].

    Paper:   Nogueira, Yang, Lin, Cho, Document Expansion by Query Prediction, 2019.
             https://arxiv.org/abs/1904.08375; the rule of size: Wang et al., GPL, NAACL 2022,
             section 4. https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, gpl/toolkit/qgen.py and gpl/train.py; beir, generation/generate.py.
    Differs: a document's repeated queries are removed in the order they were written (beir goes
             through a set, so its ids differ from run to run). A document that brings nothing
             new in 16 tries is left alone, where GPL tries on.
    Cost:    one generation per query.

    Args:
        writer: writes the queries.
        per_document: queries of each document when the corpus is large enough. Paper: 3.
        at_least: queries in all that the rule of size aims at. None: exactly `per_document`
            tries for every document. Paper: 250,000.

    Returns:
        Queries of kind "doc2query" with their mean token log-probability, in the order of the
        corpus and, for one document, of writing.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine, FakeWriter
        >>> part = DocToQuery(writer=FakeWriter(), per_document=2, at_least=None)
        >>> part(toys.CORPUS.head(1), Context(engine=FakeEngine()))["text"]
        ['bees bees visit flowers', 'bees visit flowers to']
    """

    writer: Ref[Writer]
    per_document: int = 3
    at_least: int | None = 250_000

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if self.per_document < 1 or (self.at_least is not None and self.at_least < 1):
            raise RecipeError(
                f"DocToQuery(per_document={self.per_document}, at_least={self.at_least}) would "
                "write nothing. Give 1 or more."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the queries."""
        asked, count = self._size(corpus, ctx)
        prompts = asked.contents
        texts: list[list[Written]] = [[] for _ in prompts]
        rng, at_once = ctx.rng(self), min(count, _AT_ONCE)
        rows, done = list(range(len(prompts))), 0
        while rows and done < count:
            batch = ctx.engine.write(
                self.writer,
                [prompts[r] for r in rows],
                count=min(at_once, count - done),
                seed=int(rng.integers(2**31)),
            )
            rows = [row for row, more in zip(rows, batch, strict=True) if _grew(texts[row], more)]
            done += at_once
        found = [
            rows_of(doc_id, ((KIND, w.text.strip(), w.log_prob) for w in of))
            for doc_id, of in zip(asked["doc_id"], texts, strict=True)
        ]
        ctx.note(
            "documents",
            {
                "read": len(asked),
                "without a query": sum(not made for made in found),
                "texts written": sum(len(of) for of in texts),
            },
        )
        return Queries.of(row for made in found for row in made)

    def _size(self, corpus: Corpus, ctx: Context) -> tuple[Corpus, int]:
        """The documents that are asked for queries, and how many each."""
        if self.at_least is None or not len(corpus):
            return corpus, self.per_document
        if self.per_document * len(corpus) < self.at_least:
            return corpus, math.ceil(self.at_least / len(corpus))
        kept = math.ceil(self.at_least / self.per_document)
        luck = hashes(corpus["doc_id"], salt(ctx, self))
        return corpus.take(np.sort(np.argsort(luck, kind="stable")[:kept])), self.per_document


def _grew(texts: list[Written], more: list[Written]) -> bool:
    """Add texts to those of a document; whether there was a new one."""
    before = {w.text for w in texts}
    texts.extend(more)
    return any(w.text not in before for w in more)
