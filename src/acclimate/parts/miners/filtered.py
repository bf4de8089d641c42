"""Filtered: what another miner finds, less what filters drop, before anything is drawn of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners._lists import Lists
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner, Part, apply, gives
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Filtered:
    """Lets filters of candidates look at all that a miner finds, for a miner that then draws.

    A filter behind a draw leaves a query with fewer documents than were drawn for it, or with none;
    a draw behind a filter has them all. Put it inside `miners.UsageDiversity`, `miners.RankWindow`
    or another miner that takes some of what one finds.

    Origin: own; as Re3Dial filters what it retrieves before it samples. EMNLP 2023.
            https://arxiv.org/abs/2305.02606
    Code:   none followed.
    Differs: nothing known.
    Cost:   that of its parts.

    Args:
        miner: finds the documents.
        filters: of candidates, one after the other.

    Returns:
        Candidates with the miner's scores, ranked anew.

    Example:
        >>> from acclimate.parts.filters.without_source import WithoutSource
        >>> from acclimate.parts.miners.random_documents import RandomDocuments
        >>> from acclimate.testing import samples, toys
        >>> part = Filtered(miner=RandomDocuments(count=3), filters=(WithoutSource(),))
        >>> found = part(toys.CORPUS, toys.WRITTEN.head(1), samples.things()[Student], Context())
        >>> found["rank"], found["is_source"]
        ([1, 2, 3], [False, False, False])
    """

    miner: Miner = field(default_factory=WithStudent)
    filters: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        """Refuse filters of other things."""
        for part in self.filters:
            if gives(part) is not Candidates:
                raise RecipeError(
                    f"miners.Filtered looks at candidates, and {part!r} gives "
                    f"{gives(part).__name__}. Give filters of candidates."
                )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Search and filter."""
        found: Candidates = apply(self.miner, (corpus, queries, student), ctx)
        told: list[dict[str, Any]] = []
        for part in self.filters:
            own = replace(ctx, notes={})
            found = apply(part, (corpus, queries, found, student), own)
            told.append({"filter": type(part).__name__, **own.notes})
        ctx.note("filters", told)
        return Lists.of(found).kept(np.ones(len(found), dtype=bool)) if len(found) else found
