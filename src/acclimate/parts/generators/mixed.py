"""Mixed: several generators, so many queries of each."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.generators.lead_sentences import LeadSentences
from acclimate.parts.generators.salient_terms import SalientTerms
from acclimate.parts.generators.span_questions import SpanQuestions
from acclimate.parts.part import Context, Generator, apply
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True)
class Mixed:
    """Queries of several generators, with a quota for each.

    A student that trains on one kind of query learns to answer that kind. Which generator wrote
    a query stays in its `kind`; its id depends on its document, kind and text alone, so it is
    the same whatever it is mixed with. Where a generator cannot fill its quota, the others fill
    it in proportion to theirs.

    Origin: own; the mixtures of query types of Promptagator and of Dai et al. are of this sort.
    Code:   none published.
    Differs: nothing known.
    Cost:   that of the generators.

    Args:
        members: the generators.
        shares: quota of each, in any unit (they are divided by their sum). Empty: equal.
        queries: how many in all. None: as many as the scarcest quota allows.

    Returns:
        Queries of all members, ordered by member; drawn by their ids where there are too many.

    Example:
        >>> from acclimate.parts.generators.titles import Titles
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> queries = Mixed((SalientTerms(), Titles()), shares=(3, 1), queries=8)(
        ...     toys.CORPUS, Context())
        >>> [queries["kind"].count(k) for k in ("salient_terms", "title_cloze")]
        [6, 2]
    """

    members: tuple[Generator, ...] = (SalientTerms(), SpanQuestions(), LeadSentences())
    _: KW_ONLY
    shares: tuple[float, ...] = ()
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse quotas that do not fit the generators."""
        if not self.members:
            raise RecipeError("Mixed has no members. Give it a tuple of generators.")
        if self.shares and len(self.shares) != len(self.members):
            raise RecipeError(
                f"Mixed has {len(self.members)} members and {len(self.shares)} "
                "shares. Give one share for each member, or none."
            )
        if any(share < 0 for share in self.shares) or (self.shares and not sum(self.shares)):
            raise RecipeError(f"Mixed(shares={self.shares}): shares are 0 or more, not all 0.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Let each member write, and take what its quota allows."""
        written, notes = [], []
        for member in self.members:
            own = replace(ctx, notes={})
            written.append(apply(self._bounded(member), (corpus,), own))
            notes.append({"generator": type(member).__name__, **own.notes})
        counts = quotas([len(q) for q in written], self._shares(), self.queries)
        key = salt(ctx, self)
        rows: dict[str, dict[str, Any]] = {}
        for queries, count, note in zip(written, counts, notes, strict=True):
            luck = hashes(queries["query_id"], key)
            kept = queries.take(np.sort(np.argsort(luck, kind="stable")[:count]))
            rows.update((row["query_id"], row) for row in kept.dicts())
            note.update(written=len(queries), taken=len(kept))
        ctx.note("generators", notes)
        return Queries.of(rows.values())

    def _bounded(self, member: Generator) -> Generator:
        """A member that stops when it alone has written all queries that are wanted."""
        unbounded: Any = member if getattr(member, "queries", 0) is None else None
        if self.queries is None or unbounded is None:
            return member
        bounded: Generator = replace(unbounded, queries=self.queries)
        return bounded

    def _shares(self) -> tuple[float, ...]:
        return self.shares or (1.0,) * len(self.members)


def quotas(have: list[int], shares: tuple[float, ...], total: int | None) -> list[int]:
    """How many to take of each, in proportion to `shares` and never more than there are.

    Example:
        >>> quotas([10, 10, 10], (2, 1, 1), 8)
        [4, 2, 2]
        >>> quotas([10, 1, 10], (1, 1, 1), 9)
        [4, 1, 4]
        >>> quotas([10, 4], (1, 1), None)
        [4, 4]
    """
    open_ = [i for i, share in enumerate(shares) if share > 0 and have[i] > 0]
    if total is None:
        fill = min((have[i] / shares[i] for i in open_), default=0.0)
        return [int(fill * share) if i in open_ else 0 for i, share in enumerate(shares)]
    counts = [0] * len(have)
    left = min(total, sum(have[i] for i in open_))
    while left and open_:
        weight = sum(shares[i] for i in open_)
        full = [i for i in open_ if left * shares[i] / weight >= have[i]]
        if not full:
            whole = _rounded([left * shares[i] / weight for i in open_])
            for i, count in zip(open_, whole, strict=True):
                counts[i] = count
            break
        for i in full:
            counts[i] = have[i]
        left -= sum(have[i] for i in full)
        open_ = [i for i in open_ if i not in full]
    return counts


def _rounded(parts: list[float]) -> list[int]:
    """Whole numbers with the same sum, by largest remainders."""
    counts = [int(p) for p in parts]
    missing = round(sum(parts)) - sum(counts)
    by_rest = sorted(range(len(parts)), key=lambda i: counts[i] - parts[i])
    for i in by_rest[:missing]:
        counts[i] += 1
    return counts
