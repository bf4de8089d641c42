"""TopBottom: the best of a list are relevant, the worst are not, the rest is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._codes import places_within
from acclimate.parts.labellers._relabelled import best_first, lists_of, relabelled
from acclimate.parts.part import Context
from acclimate.tables import Labels


@dataclass(frozen=True, kw_only=True)
class TopBottom:
    """Labels 1 for the `top` best of a query's documents, 0 for the `bottom` worst.

    A conversion: put it behind a labeller whose order is worth more than its values, as the
    likelihoods of a reader. The worst of what a search found are hard negatives; those between
    may be either, and are left out.

    Rows: [045], [048], [081].

    Paper:   EPR: Learning To Retrieve Prompts for In-Context Learning, 2022 (5 and 5 of 50).
             https://arxiv.org/abs/2112.08633
             LLM-R: Learning to Retrieve In-Context Examples for LLMs, 2023 (3 and 16 of 32).
             https://arxiv.org/abs/2307.07164
    Code:    none followed.
    Differs: nothing known.
    Cost:    one sort of the labels.

    Args:
        top: how many are relevant.
        bottom: how many are not. The top comes first where a list is too short for both.

    Returns:
        The labels kept, in their order, with 1 and 0 as values. Of equal values the first in the
        order of the labels is the better one.

    Example:
        >>> from acclimate.parts.part import Context
        >>> labels = Labels.of([
        ...     {"query_id": "q", "doc_id": d, "value": v, "teacher": "t"}
        ...     for v, d in enumerate("abcd")])
        >>> made = TopBottom(top=1, bottom=2)(labels, Context())
        >>> list(zip(made["doc_id"], made["value"]))
        [('a', 0.0), ('b', 0.0), ('d', 1.0)]
    """

    top: int = 5
    bottom: int = 5

    def __post_init__(self) -> None:
        """Refuse lists without a relevant document."""
        if self.top < 1 or self.bottom < 0:
            raise RecipeError(f"{self!r}: top must be at least 1 and bottom at least 0.")

    def __call__(self, labels: Labels, ctx: Context) -> Labels:
        """Convert the labels."""
        lists = lists_of(labels)
        order, _ = best_first(labels, lists)
        place = places_within(lists, order)
        length = np.bincount(lists)[lists] if len(lists) else lists
        top = place < self.top
        bottom = ~top & (place >= length - self.bottom)
        ctx.note("labels", {"top": int(top.sum()), "bottom": int(bottom.sum())})
        return relabelled(labels, np.where(top, 1.0, np.where(bottom, 0.0, np.nan)))
