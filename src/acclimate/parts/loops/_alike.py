"""Alike: documents that answer a query as well as its own does, and so are no strangers to it."""

from __future__ import annotations

import numpy as np

from acclimate.models.ref import Integers
from acclimate.parts._words import normal
from acclimate.parts.part import Loss
from acclimate.tables import Corpus


def asks_strangers(loss: Loss) -> bool:
    """Whether a loss takes documents of other queries that have no label for not relevant."""
    has = (bool(getattr(loss, name, False)) for name in ("in_batch", "labelled", "shared"))
    in_batch, labelled, shared = has
    return in_batch and not labelled and not shared


def alike(corpus: Corpus, used: Integers) -> Integers:
    """A number for each document, (D,): the same for copies and for readings of one document.

    Capitals, punctuation and spaces do not count. A reading (`loops.Cloze`) has for its parent the
    document that it is a reading of.

    Args:
        corpus: the documents.
        used: rows of those that are compared; the others are like none of them.
    """
    contents, parents, position = corpus.contents, corpus["parent_id"], corpus.position
    number = np.arange(len(corpus))
    wordings: dict[str, int] = {}
    for row in np.unique(used).tolist():
        whole = position.get(parents[row], row) if parents[row] else row
        number[row] = wordings.setdefault(normal(contents[whole]), whole)
    return number
