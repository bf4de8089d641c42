"""BestInTop: relevant are a few of what holds the answer, those a search finds first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats, Integers
from acclimate.parts._codes import coded
from acclimate.parts._pairs import labelled
from acclimate.parts.labellers._members import values_of
from acclimate.parts.labellers._standard import Mask
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels


@dataclass(frozen=True, kw_only=True)
class BestInTop:
    """Labels 1 for documents chosen by rank among those a weak teacher accepts, 0 for the others.

    A weak teacher (the answer stands in the document, a rule, a click) accepts documents by
    accident; one that a search ranks high as well is relevant most of the time. A rule (best,
    depth) takes documents from the first `depth` until `best` are taken in all, so that a later
    rule with a smaller number counts only where the earlier found too few. What is accepted and
    not taken is left out.

    Rows: [109].

    Paper:   ColBERT-QA: Relevance-guided Supervision for OpenQA with ColBERT, 2020.
             https://arxiv.org/abs/2007.00814
    Code:    stanford-futuredata/ColBERT, utility/supervision.
    Differs: all documents not accepted are kept, of which a loop draws; the authors' tool draws.
    Cost:    one pass over the candidates.

    Args:
        rules: pairs (best, depth), tried in order. The authors' tool: up to 5 of the first 50,
            else 1 of the first 1,000.
        above: value above which the teacher accepts a document.
        permissive: where only a later rule found something, as many documents below it, at most,
            are labelled 0. The authors' tool: 5.

    Returns:
        Labels in the order of the candidates. A query of which no document is taken is left out,
        as are candidates without a label.

    Example:
        >>> from acclimate.parts.part import Context
        >>> found = Candidates.of([
        ...     {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False,
        ...      "miner": "m"} for r, d in enumerate("abcd", 1)])
        >>> accepted = Labels.of([
        ...     {"query_id": "q", "doc_id": d, "value": v, "teacher": "t"}
        ...     for d, v in zip("abcd", (0, 1, 0, 1))])
        >>> made = BestInTop(rules=((1, 2), (1, 10)))(found, accepted, Context())
        >>> list(zip(made["doc_id"], made["value"]))
        [('a', 0.0), ('b', 1.0), ('c', 0.0)]
    """

    rules: tuple[tuple[int, int], ...] = ((5, 50), (1, 1000))
    above: float = 0.5
    permissive: int = 5

    def __post_init__(self) -> None:
        """Refuse rules that take nothing."""
        if not self.rules or min(min(rule) for rule in self.rules) < 1:
            raise RecipeError(f"{self!r} takes nothing. Give rules (best, depth), each 1 or more.")

    def __call__(self, candidates: Candidates, labels: Labels, ctx: Context) -> Labels:
        """Choose by rank."""
        query, _ = coded(candidates, "query_id")
        ranks, values = candidates.array("rank"), values_of(candidates, labels)
        order = np.lexsort((ranks, query))
        made = np.full(len(candidates), np.nan, dtype=np.float32)
        cuts = np.flatnonzero(np.diff(query[order])) + 1
        for rows in np.split(order, cuts):
            made[rows] = self._chosen(ranks[rows], values[rows])
        ctx.note("labels", {"taken": int((made == 1).sum()), "others": int((made == 0).sum())})
        return labelled(candidates, made, "best in top")

    def _chosen(self, ranks: Integers, values: Floats) -> Floats:
        """1, 0 or nan for each document of a query, the documents by rank."""
        accepted = values > self.above
        made = np.full(len(ranks), np.nan, dtype=np.float32)
        taken: list[int] = []
        for number, (best, depth) in enumerate(self.rules):
            before = len(taken)
            more = np.flatnonzero(accepted & (ranks <= depth) & np.isnan(made)).tolist()
            taken += more[: max(0, best - before)]
            if taken and not before:
                made[self._others(values, taken[0], later=number > 0)] = 0.0
            made[taken] = 1.0
        return made

    def _others(self, values: Floats, first: int, *, later: bool) -> Mask:
        """Which documents of a query are told to be irrelevant."""
        refused = values <= self.above
        if later:
            below = refused & (np.arange(len(values)) > first)
            refused = below & (np.cumsum(below) <= self.permissive)
        return np.asarray(refused)
