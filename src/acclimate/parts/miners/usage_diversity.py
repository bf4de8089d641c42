"""UsageDiversity: candidates drawn so that no document is everybody's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._hashing import hashes
from acclimate.parts._pairs import pairs
from acclimate.parts.miners._lists import Mask, Values, listed, round_key
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class UsageDiversity:
    """Some of what another miner finds, drawn with a weight that falls with each use.

    A document near everything (a table of contents, a general text) stands in every list, and a
    student that sees it as everybody's negative learns to avoid it. Queries have their turn in an
    order of chance; each draws with the weights 1 / (1 + n), where n is how often a document was
    drawn before.

    Rows: [029].

    Paper:   Re3Dial: Retrieve, reorganise, rescale dialogue corpus, EMNLP 2023.
             https://arxiv.org/abs/2305.02606
    Code:    none followed; the weight is that of the authors' release.
    Differs: draws candidates for training; the paper builds long dialogues of what it draws, hop by
             hop, for a language model to be trained on.
    Cost:    that of the miner.

    Args:
        miner: finds the lists.
        count: documents that each query draws besides its source.

    Returns:
        The source and those drawn, ranked by the score of the miner.
    """

    miner: Miner = field(default_factory=WithStudent)
    count: int = 4

    def __post_init__(self) -> None:
        """Refuse to draw nothing."""
        if self.count < 1:
            raise RecipeError(f"UsageDiversity(count={self.count}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Draw the candidates."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        key = round_key(self, student, ctx)
        _, document = pairs(corpus, queries, lists.found)
        names = list(dict.fromkeys(lists.found["query_id"]))
        ends = np.searchsorted(np.sort(lists.query), np.arange(len(names) + 1))
        by_query = np.argsort(lists.query, kind="stable")
        patience = -np.log(lists.luck(key))
        used = np.zeros(len(corpus), dtype=np.int64)
        taken: Mask = lists.source.copy()
        for turn in np.argsort(hashes(names, key), kind="stable").tolist():
            own = by_query[ends[turn] : ends[turn + 1]]
            others = own[lists.others[own]]
            # An exponential race: the first is each time drawn with chances as the weights.
            time = patience[others] / chances(used[document[others]])
            drawn = others[np.argsort(time, kind="stable")[: self.count]]
            taken[drawn] = True
            used[document[drawn]] += 1
        ctx.note("documents drawn", int((used > 0).sum()))
        ctx.note("most often", int(used.max(initial=0)))
        return lists.kept(taken)


def chances(used: np.ndarray[Any, Any]) -> Values:
    """How likely each is drawn next that was used so often: in proportion to 1 / (1 + n).

    Example:
        >>> chances(np.array([0, 1, 3])).round(6).tolist()
        [0.571429, 0.285714, 0.142857]
    """
    weights = 1.0 / (1.0 + np.asarray(used, dtype=np.float64))
    return np.asarray(weights / weights.sum() if len(weights) else weights)
