"""Rescale: bring a teacher's margins into a range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow.compute as pc

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries

Numbers = np.ndarray[Any, np.dtype[np.floating[Any]]]
Method = Literal["extremes", "percentiles", "spread"]


@dataclass(frozen=True, kw_only=True)
class Rescale:
    """Changes labels so that margins lie between `low` and `high`.

    A margin is how much higher the source document (or, where there is none, the best) is than
    another. "extremes" maps margins above 0 from [0, largest] to [0, high] and those below from
    [smallest, 0] to [low, 0], as GPL does; one outlier then presses all others together.
    "percentiles" puts the 95th and the 5th percentile there instead; outliers go beyond.
    "spread" multiplies all margins with one number that makes their root mean square `high`.
    `loops.Fit` fits a scale of its own (least squares on the student's margins); use this to
    follow GPL, or before a loss that must not do that.

    Rows: [P1].

    Paper:   none; an option of the code of Wang et al., GPL, NAACL 2022.
             https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, gpl/toolkit/rescale.py.
    Differs: labels are values and not margins: the source becomes 0, the others minus their margin.
    Cost:    none.

    Args:
        method: how the factors are found.
        low: margins below 0 reach down to here; not above 0. GPL for cosines: -2.
        high: margins above 0 reach up to here; above 0. GPL for cosines: 2.

    Returns:
        The same labels in the same order with new values.
    """

    method: Method = "percentiles"
    low: float = -2.0
    high: float = 2.0

    def __post_init__(self) -> None:
        """Refuse a range without 0."""
        if not self.low <= 0 < self.high:
            raise RecipeError(f"{self!r}: low must be 0 or below, high above 0.")

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Labels:
        """Rescale the labels."""
        values = labels.array("value").astype(np.float64)
        tops = _tops(queries, labels, values)
        margins = values[tops] - values
        others = margins[tops != np.arange(len(tops))]
        up, down = self._factors(others)
        ctx.note("factors", {"above 0": up, "below 0": down})
        scaled = np.where(margins > 0, margins * up, margins * down)
        rows = labels.rows
        return Labels.columns(
            query_id=rows.column("query_id"),
            doc_id=rows.column("doc_id"),
            value=-scaled,
            teacher=rows.column("teacher"),
        )

    def _factors(self, margins: Numbers) -> tuple[float, float]:
        """What margins above and below 0 are multiplied with."""
        if not len(margins):
            return 1.0, 1.0
        if self.method == "spread":
            spread = float(np.sqrt(np.mean(np.square(margins))))
            return (self.high / spread,) * 2 if spread > 0 else (1.0, 1.0)
        top, bottom = (100, 0) if self.method == "extremes" else (95, 5)
        above = float(np.percentile(margins, top))
        below = float(np.percentile(margins, bottom))
        return (
            self.high / above if above > 0 else 1.0,
            self.low / below if below < 0 else 1.0,
        )


def _tops(queries: Queries, labels: Labels, values: Numbers) -> Integers:
    """For each label, the row of the label margins are measured from."""
    named = list(zip(labels["query_id"], labels["teacher"], strict=True))
    codes = {name: number for number, name in enumerate(dict.fromkeys(named))}
    group = np.array([codes[name] for name in named], dtype=np.int64)
    rows = pc.index_in(
        labels.rows.column("query_id"), value_set=queries.rows.column("query_id").combine_chunks()
    )
    sources = queries["source_doc_id"]
    row_of = np.asarray(pc.fill_null(rows, -1)).tolist()
    mine = np.array(
        [
            row >= 0 and sources[row] == doc
            for row, doc in zip(row_of, labels["doc_id"], strict=True)
        ],
        dtype=bool,
    )
    order = np.lexsort((np.arange(len(group)), -values, ~mine, group))
    first = order[np.unique(group[order], return_index=True)[1]] if len(group) else order
    return np.asarray(first[group], dtype=np.int64)
