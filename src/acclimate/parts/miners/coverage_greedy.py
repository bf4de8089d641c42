"""CoverageGreedy: a few documents that together hold what a query names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import pairs
from acclimate.parts._words import words
from acclimate.parts.miners._lists import listed
from acclimate.parts.miners.union import Union
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class CoverageGreedy:
    """Of what another miner finds, a set that covers the query's words: each adds the most.

    The first document holds most words of the query, the next most of those that are left, until
    none is left or no document adds one. Ten documents that all say the same are one here; for
    queries that ask for several things, or examples that must show them together.

    Rows: [047].

    Paper:   Reinforcing Compositional Retrieval: Retrieving Step-by-Step for Composing Informative
             Contexts, 2025 (its first stage, without a language model).
             https://arxiv.org/abs/2504.11420
    Code:    none followed.
    Differs: words of the query for local structures of a target program; the order of picking is
             kept as scores, and nothing is learned from it here.
    Cost:    that of the miner; words of a query times its candidates, for each one picked.

    Args:
        miner: finds the documents.
        count: documents of each query besides the source at most.

    Returns:
        Candidates whose score is the share of the query's words they add to those picked before;
        of equals the miner's first. The source, beside the set, has the share it holds itself.

    Example:
        >>> picked(frozenset("abc"), [frozenset("ab"), frozenset("b"), frozenset("c")], 9)
        [(0, 2), (2, 1)]
    """

    miner: Miner = field(default_factory=Union)
    count: int = 8

    def __post_init__(self) -> None:
        """Refuse to pick nothing."""
        if self.count < 1:
            raise RecipeError(f"CoverageGreedy(count={self.count}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Pick the sets."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        query, document = pairs(corpus, queries, lists.found)
        texts, contents = queries["text"], corpus.contents
        held = {row: frozenset(words(contents[row])) for row in np.unique(document).tolist()}
        kept, adds = lists.source.copy(), np.zeros(len(query))
        for places in _by_query(np.lexsort((lists.rank, query)), query):
            wanted = frozenset(words(texts[query[places[0]]]))
            others = [place for place in places if not lists.source[place]]
            sets = [held[document[place]] for place in others]
            for at, added in picked(wanted, sets, self.count):
                kept[others[at]], adds[others[at]] = True, added / len(wanted)
            for place in set(places) - set(others):
                adds[place] = len(wanted & held[document[place]]) / max(1, len(wanted))
        return lists.kept(kept, adds)


def picked(
    wanted: frozenset[str], sets: Sequence[frozenset[str]], count: int
) -> list[tuple[int, int]]:
    """Which sets are picked, in order, and how many wanted things each adds; ties by place."""
    chosen: list[tuple[int, int]] = []
    left = wanted
    while left and len(chosen) < count:
        added = [len(left & one) for one in sets]
        at = int(np.argmax(added)) if added else 0
        if not added or not added[at]:
            break
        chosen.append((at, added[at]))
        left = left - sets[at]
    return chosen


def _by_query(order: Integers, query: Integers) -> Iterator[list[int]]:
    """The places of each query's candidates, in order."""
    cuts = np.flatnonzero(np.diff(query[order])) + 1
    yield from (part.tolist() for part in np.split(order, cuts) if len(part))
