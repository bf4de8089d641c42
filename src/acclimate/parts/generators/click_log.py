"""ClickLog: what people asked and which document they then chose, from a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._logged import clicked
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile, Queries

KIND = "click"


@dataclass(frozen=True, kw_only=True)
class ClickLog:
    """A query for each document that people clicked after asking it.

    People's own words with the document that met them, which no generator writes. A click is no
    judgement: what stood first was clicked more, and what was not shown never. `labellers.Clicks`
    reads the counts from the same file.

    Rows of the same words and document are added up. A log names whole documents: of one that was
    split, the piece is taken that has the most words of the query.

    Rows: [096].

    Paper:   Jin, Kim, Chen, Comeau, Yeganova, Wilbur, Lu, MedCPT (BioCPT), Bioinformatics 2023.
             https://arxiv.org/abs/2307.00589
    Code:    ncbi/MedCPT; its logs are not public.
    Differs: a log of any size; no rule on what a session is, a row of the file is a click.
    Cost:    reads the file.

    Args:
        log: the file: a query, the id of a document, and how often, if that is known; else each
            row is one click.
        at_least_clicks: of a pair; 1 keeps all.
        queries: how many pairs at most; drawn by their ids. None: all.

    Returns:
        Queries of kind "click", each of the document that was clicked, in the order of the file.

    Raises:
        TableError: when the file cannot be read, or none of its documents is here.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> found = ClickLog(log=toys.CLICKS, at_least_clicks=3)(toys.CORPUS, Context())
        >>> list(zip(found["text"], found["source_doc_id"]))[:2]
        [('why does my bicycle squeak', 'chain'), ('what causes the tide', 'tides')]
    """

    log: LogFile
    at_least_clicks: float = 1
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse pairs that nobody clicked."""
        if self.at_least_clicks <= 0:
            raise RecipeError(f"{self!r}: a pair has more than 0 clicks.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Read the pairs."""
        told, ids = clicked(self.log, corpus), corpus["doc_id"]
        pairs = [
            (told.asked[words], row, count)
            for words, counts in told.clicks.items()
            for row, count in counts.items()
        ]
        often = [pair for pair in pairs if pair[2] >= self.at_least_clicks]
        rare = (
            {"pairs with fewer clicks": len(pairs) - len(often)} if len(often) < len(pairs) else {}
        )
        ctx.note("log", {**told.told, **rare})
        found = Queries.of(
            made for query, row, _ in often for made in rows_of(ids[row], [(KIND, query, None)])
        )
        luck = hashes(found["query_id"], salt(ctx, type(self).__name__))
        return found.take(np.sort(np.argsort(luck, kind="stable")[: self.queries]))
