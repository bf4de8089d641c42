"""SampleDocuments: a corpus small enough to learn from in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class SampleDocuments:
    """At most so many documents, drawn evenly: those that a run reads, mines and learns from.

    Put it first: encoding grows with the corpus, and a few thousand documents show a domain. What
    is learnt serves the whole corpus. Documents are drawn by their ids, so that a larger sample
    holds the smaller.

    Origin: GPL's corpus-size rule: some 10,000 passages give most of the gain. Wang et al., GPL,
            NAACL 2022, section 6. https://arxiv.org/abs/2112.07577
    Code:   UKPLab/gpl, gpl/toolkit/resize.py.
    Differs: nothing known.
    Cost:   none to speak of.

    Args:
        at_most: documents that stay.

    Returns:
        The documents drawn, order kept.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> len(SampleDocuments(at_most=5)(toys.CORPUS, Context()))
        5
    """

    at_most: int = 10_000

    def __post_init__(self) -> None:
        """Refuse an empty corpus."""
        if self.at_most < 1:
            raise RecipeError(f"SampleDocuments(at_most={self.at_most}): give 1 or more.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Corpus:
        """Draw the documents."""
        luck = hashes(corpus["doc_id"], salt(ctx, type(self).__name__))
        drawn = np.sort(np.argsort(luck, kind="stable")[: self.at_most])
        ctx.note("dropped", {"not drawn": len(corpus) - len(drawn)})
        return corpus.take(drawn)
