"""Clicks: a document is as relevant as people clicked it often."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from acclimate.parts._logged import clicked
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts._words import normal
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, LogFile, Queries

TEACHER = "clicks"


@dataclass(frozen=True, kw_only=True)
class Clicks:
    """Labels log2(clicks + 1) from a log: 1 of a single click, 2 of three, 0 of none.

    The logarithm keeps the few pairs that everybody clicks from being all that is learned. A 0
    does not say that a document is irrelevant: it may never have been shown.

    With `beyond` a query also has labels of the documents that were clicked for it and that no
    miner brought, so that in a batch none of them is taken for another query's document alone.

    Rows: [096].

    Paper:   Jin, Kim, Chen, Comeau, Yeganova, Wilbur, Lu, MedCPT (BioCPT), Bioinformatics 2023.
             https://arxiv.org/abs/2307.00589
    Code:    ncbi/MedCPT, retriever/main.py.
    Differs: the other clicked documents of a query are known to its labels; the paper takes them
             for negatives where they meet in a batch.
    Cost:    reads the file.

    Args:
        log: the file that `generators.ClickLog` reads.
        beyond: see above.

    Returns:
        A label for each candidate of a query that is in the log, in the order of the candidates,
        then those beyond; queries that nobody asked have none.

    Example:
        >>> from acclimate.testing import samples, toys
        >>> from acclimate.parts.generators.click_log import ClickLog
        >>> from acclimate.parts.miners.random_documents import RandomDocuments
        >>> asked = ClickLog(log=toys.CLICKS)(toys.CORPUS, Context())
        >>> found = RandomDocuments(count=1)(toys.CORPUS, asked.take([1]), Context())
        >>> Clicks(log=toys.CLICKS)(toys.CORPUS, asked, found, Context())["value"]
        [2.0, 0.0]
    """

    log: LogFile
    beyond: bool = False

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        told = clicked(self.log, corpus)
        asked, found = pairs(corpus, queries, candidates)
        of_query = [told.clicks.get(normal(text) or text) for text in queries["text"]]
        values = np.full(len(candidates), np.nan, dtype=np.float32)
        for place, (query, document) in enumerate(zip(asked.tolist(), found.tolist(), strict=True)):
            counts = of_query[query]
            if counts is not None:
                values[place] = weight(counts.get(document, 0.0))
        ctx.note("log", dict(told.told))
        ctx.note("queries that nobody asked", sum(counts is None for counts in of_query))
        labels = labelled(candidates, values, TEACHER)
        if not self.beyond:
            return labels
        known = set(zip(asked.tolist(), found.tolist(), strict=True))
        ids, names = corpus["doc_id"], queries["query_id"]
        more = [
            {"query_id": names[q], "doc_id": ids[d], "value": weight(count), "teacher": TEACHER}
            for q, counts in enumerate(of_query)
            for d, count in (counts or {}).items()
            if (q, d) not in known
        ]
        return Labels.joined([labels, Labels.of(more)])


def weight(clicks: float) -> float:
    """What so many clicks are worth: log2(clicks + 1).

    Example:
        >>> weight(0), weight(1), weight(3)
        (0.0, 1.0, 2.0)
    """
    return math.log2(clicks + 1)
