"""Scoring: pairs to teacher scores, through the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from acclimate.engines.batching import budget_of, calls, plan
from acclimate.engines.ledger import Ledger
from acclimate.engines.opened import Opened
from acclimate.engines.precision import scores_agree
from acclimate.models.ref import Floats, Integers, Ref, Scorer

Follow = Callable[[Iterable[Any], str, int | None], Iterator[Any]]
Pair = tuple[str, str]

SAMPLE = 32
"""Pairs on which bfloat16 is tried out."""


class Scoring:
    """Scores pairs that nobody has paid for yet.

    Args:
        ledger: the scores known so far.
        opened: the models.
    """

    def __init__(self, ledger: Ledger, opened: Opened) -> None:
        self.ledger = ledger
        self.opened = opened

    def scores(
        self,
        scorer: Ref[Scorer],
        queries: Sequence[str],
        documents: Sequence[str],
        track: Follow,
        usage: dict[str, float],
    ) -> Floats:
        """Scores in the order of the pairs, (N,) float32."""
        pairs = list(zip(queries, documents, strict=True))
        work = plan(pairs, [len(query) + len(document) for query, document in pairs])
        teacher = scorer.fingerprint()
        scores, known = self.ledger.find(teacher, *_unzipped(work.items))
        missing = int((~known).sum())
        usage["computed"] += missing
        if missing:
            self._choose_precision(scorer, work.items)
            with self.opened.paying(self.opened.get(scorer), usage):
                self._ahead(scorer, [work.items[row] for row in np.flatnonzero(~known)])
                done = (
                    rows
                    for number in work.order
                    for rows in self._shard(scorer, work.items, scores, known, work.shards[number])
                )
                counted = self._counted(done, usage)
                for _ in track(counted, "score pairs", missing):
                    pass
        return scores[work.inverse]

    def _choose_precision(self, scorer: Ref[Scorer], pairs: list[Pair]) -> None:
        sample = _unzipped(pairs[:: max(1, len(pairs) // SAMPLE)][:SAMPLE])
        self.opened.precision(scorer, lambda model: model.score(*sample), scores_agree)

    def _ahead(self, scorer: Ref[Scorer], pairs: list[Pair]) -> None:
        """Ask a model elsewhere about all pairs side by side; the shards find what it said."""
        model = self.opened.get(scorer)
        if getattr(model, "whole", False):
            model.score(*_unzipped(pairs))

    def _shard(
        self,
        scorer: Ref[Scorer],
        pairs: list[Pair],
        scores: Floats,
        known: np.ndarray[Any, Any],
        part: slice,
    ) -> Iterator[Integers]:
        """Score what a shard lacks, keep it, and give the token counts of each batch."""
        lacking = np.arange(part.start, part.stop)[~known[part]]
        if not len(lacking):
            return
        model = self.opened.get(scorer)
        queries, documents = _unzipped([pairs[row] for row in lacking])
        counts = model.count_tokens(queries, documents)
        found: Floats = np.zeros(len(lacking), dtype=np.float32)
        for rows in calls(model, counts, budget_of(self.opened.device)):
            found[rows] = model.score([queries[r] for r in rows], [documents[r] for r in rows])
            yield counts[rows]
        scores[lacking] = found
        said = np.isfinite(found) | (not getattr(model, "whole", False))
        rows = np.flatnonzero(said)  # a model elsewhere may have no verdict: asked again some day
        self.ledger.add(
            scorer.fingerprint(), [queries[r] for r in rows], [documents[r] for r in rows],
            found[rows],
        )  # fmt: skip

    @staticmethod
    def _counted(done: Iterable[Integers], usage: dict[str, float]) -> Iterator[int]:
        for counts in done:
            usage["tokens"] += int(counts.sum())
            yield from counts


def _unzipped(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    return [query for query, _ in pairs], [document for _, document in pairs]
