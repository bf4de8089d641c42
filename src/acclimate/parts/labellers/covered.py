"""Covered: how much of what is wanted a document holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from acclimate.parts._pairs import labelled, pairs
from acclimate.parts._sources import sources
from acclimate.parts._words import words
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Covered:
    """Labels of 0 to 1: the share of the wanted words that a document holds.

    What is wanted are the distinct words of the query, or those of the output that its source has
    (of documents that are examples, with the input as title and the output as text). Read by
    `loops.StepByStep`, which joins documents, it says how much several hold together: the best next
    one is that which adds most.

    Rows: [047].

    Paper:   Reinforcing Compositional Retrieval: Retrieving Step-by-Step for Composing Informative
             Contexts, 2025. https://arxiv.org/abs/2504.11420
    Code:    none followed.
    Differs: words, where the paper has local structures of programs.
    Cost:    one pass over the words of queries and candidates.

    Args:
        target: whose words are wanted: of the "query", or of the "output" of its source.

    Returns:
        One label per candidate, in their order. With "output" the source itself is left out, and so
        are queries without one.
    """

    target: Literal["query", "output"] = "query"

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        del ctx
        asked, found = pairs(corpus, queries, candidates)
        own, texts = sources(corpus, queries), queries["text"]
        if self.target == "output":
            outputs = corpus["text"]
            texts = [outputs[row] if row >= 0 else "" for row in own.tolist()]
        wanted = {row: frozenset(words(texts[row])) for row in np.unique(asked).tolist()}
        contents = corpus.contents
        held = {row: frozenset(words(contents[row])) for row in np.unique(found).tolist()}
        shares = [
            len(wanted[q] & held[d]) / len(wanted[q]) if wanted[q] else np.nan
            for q, d in zip(asked.tolist(), found.tolist(), strict=True)
        ]
        values = np.array(shares, dtype=np.float32)
        if self.target == "output":
            values = np.where(own[asked] == found, np.float32(np.nan), values)
        return labelled(candidates, values, repr(self))
