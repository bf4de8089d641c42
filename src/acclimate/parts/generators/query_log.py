"""QueryLog: what people asked, from a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile, Queries

KIND = "log"


@dataclass(frozen=True, kw_only=True)
class QueryLog:
    """Queries of people, without documents: a teacher says later what meets them.

    A run that is given queries joins them to those of any recipe; this is for recipes and mixtures
    that say themselves what share of their queries people wrote. It trains only behind a search and
    a teacher: a query without a document has none that is relevant by itself.

    Origin:  folklore of every search that keeps a log.
    Code:    none published.
    Differs: nothing known.
    Cost:    reads the file.

    Args:
        log: the file: queries, one per row or line.
        queries: how many at most; drawn by their words. None: all.

    Returns:
        Queries of kind "log" or of the file's own kinds, each wording once, in their order.
    """

    log: LogFile
    queries: int | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Read the log."""
        del corpus
        found = self.log.queries()
        ctx.note("log", {"rows": found.intake.read, **found.intake.reasons})
        luck = hashes(found["text"], salt(ctx, type(self).__name__))
        chosen = np.sort(np.argsort(luck, kind="stable")[: self.queries])
        table = found.take(chosen).rows.replace_schema_metadata(None)
        # Ids of a log are line numbers or the like, which two logs may share.
        ids = pa.array([f"log:{i}" for i in table.column("query_id").to_pylist()], pa.string())
        return Queries(table.set_column(0, "query_id", ids))
