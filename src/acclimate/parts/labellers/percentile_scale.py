"""PercentileScale: a teacher's values between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._codes import coded
from acclimate.parts.labellers._relabelled import relabelled
from acclimate.parts.part import Context
from acclimate.tables import Labels


@dataclass(frozen=True, kw_only=True)
class PercentileScale:
    """Labels brought to 0…1: the `low` percentile of all values becomes 0, the `high` one 1.

    value = clip((value − low) / (high − low), 0, 1)

    So values of any teacher are in one unit, a temperature found for one does for another, and
    outliers press nothing together. Unlike `Rescale` it looks at values, and not at margins: a
    query whose documents are all poor keeps low values.

    Rows: [085].

    Paper:   Tamber et al., Teaching Dense Retrieval Models to Specialize with Listwise
             Distillation and LLM Data Augmentation, 2025. https://arxiv.org/abs/2502.19712
    Code:    manveertamber/enhancing_domain_adaptation.
    Differs: nothing known.
    Cost:    one sort of the labels.

    Args:
        low: percentile, 0…100. Paper: 1.
        high: percentile, above `low`. Paper: 99.

    Returns:
        The same labels in the same order with new values. Each teacher has percentiles of its own;
        one that says the same of all becomes 0.
    """

    low: float = 1.0
    high: float = 99.0

    def __post_init__(self) -> None:
        """Refuse percentiles without anything between."""
        if not 0 <= self.low < self.high <= 100:
            raise RecipeError(f"{self!r}: give 0 ≤ low < high ≤ 100.")

    def __call__(self, labels: Labels, ctx: Context) -> Labels:
        """Scale the labels."""
        teacher, teachers = coded(labels, "teacher")
        values = labels.array("value").astype(np.float64)
        for number, name in enumerate(teachers):
            rows = teacher == number
            low, high = np.percentile(values[rows], [self.low, self.high])
            ctx.note(f"percentiles of {name}", {"low": float(low), "high": float(high)})
            width = high - low if high > low else np.inf
            values[rows] = np.clip((values[rows] - low) / width, 0.0, 1.0)
        return relabelled(labels, values)
