"""HoldOut: queries that train nothing, for the gate to judge by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._near import Sketches
from acclimate.parts._sources import sources
from acclimate.parts._words import normal
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

_FAMILIES = 20
_AT_MOST_SHARE = 0.5
_WIDTH, _SAMPLE = 6, 4

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class HoldOut:
    """Queries of which some are held out: their split becomes "heldout".

    Whole documents are held out, in an order drawn by their ids, until there are enough of their
    queries; pieces of one parent together, where there are 20 parents or more. No query that
    still trains was written from a held-out document, from a near-duplicate of one, or has the
    words of a held-out query: those that do are dropped. Queries of people, which have no source
    document, are divided by their words, in the same proportion.

    Which documents are held out depends on their ids and the seed alone: with more documents or
    a larger share, those held out before still are.

    Origin: own; the honest test set of a method that has no labels.
    Code:   none published.
    Differs: nothing known.
    Cost:   one sketch of every document with a query.

    Args:
        share: of the queries to hold out, 0…0.5.
        queries: how many to hold out instead of a share; never more than half of them.
        near: Jaccard similarity of runs of six characters from which a document is a
            near-duplicate; 1: only copies.

    Returns:
        The queries, order kept; those already held out stay so and count.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> HoldOut(queries=3)(toys.CORPUS, toys.WRITTEN, Context())["split"].count("heldout")
        3
    """

    share: float = 0.1
    queries: int | None = None
    near: float = 0.8

    def __post_init__(self) -> None:
        """Refuse what cannot be held out."""
        if not 0 <= self.share <= _AT_MOST_SHARE:
            raise RecipeError(
                f"HoldOut(share={self.share}): between 0 and {_AT_MOST_SHARE}; the "
                "rest must be enough to train on."
            )
        if self.queries is not None and self.queries < 0:
            raise RecipeError(f"HoldOut(queries={self.queries}): give 0 or more.")
        if not 0 < self.near <= 1:
            raise RecipeError(
                f"HoldOut(near={self.near}): a Jaccard similarity lies above 0 and up to 1."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Divide the queries."""
        key = salt(ctx, type(self).__name__)
        source = sources(corpus, queries)
        share = self._share(len(queries))
        already = np.asarray([s == "heldout" for s in queries["split"]], dtype=bool)
        units = _units(corpus, source, queries["text"])
        held = already.copy()
        for group in (source >= 0, source < 0):
            held |= _chosen(units, group, already, share, key)
        near = self._near_held(corpus, source, held)
        shown = {normal(t) for t, h in zip(queries["text"], held, strict=True) if h}
        repeats = np.asarray([normal(t) in shown for t in queries["text"]], dtype=bool)
        dropped = ~held & (near | repeats)
        ctx.note("heldout", int(held.sum()))
        ctx.note(
            "dropped",
            {
                "written from a near-duplicate of a held-out document": int((~held & near).sum()),
                "same words as a held-out query": int((~held & ~near & repeats).sum()),
            },
        )
        split = pa.array(np.where(held, "heldout", "train").tolist(), pa.string())
        place = queries.rows.schema.get_field_index("split")
        return Queries(queries.rows.set_column(place, "split", split)).keep(~dropped)

    def _share(self, total: int) -> float:
        if self.queries is None or not total:
            return self.share
        return min(self.queries / total, _AT_MOST_SHARE)

    def _near_held(self, corpus: Corpus, source: Integers, held: Mask) -> Mask:
        """Which queries come from a held-out document or a near-duplicate of one."""
        has = source >= 0
        rows, place_of = np.unique(source[has], return_inverse=True)
        contents = corpus.contents
        sketches = Sketches(
            [contents[row] for row in rows.tolist()], self.near, width=_WIDTH, sample=_SAMPLE
        )
        near = np.zeros(len(source), dtype=bool)
        near[has] = sketches.near(place_of[held[has]].tolist())[place_of]
        return near


def _units(corpus: Corpus, source: Integers, texts: list[str]) -> list[str]:
    """What is held out as a whole: a parent, a document, or a wording."""
    ids, parents = corpus["doc_id"], corpus["parent_id"]
    rows = source.tolist()
    whole = len({parents[row] or ids[row] for row in rows if row >= 0}) >= _FAMILIES
    return [
        normal(text) if row < 0 else (whole and parents[row]) or ids[row]
        for row, text in zip(rows, texts, strict=True)
    ]


def _chosen(units: list[str], group: Mask, already: Mask, share: float, key: int) -> Mask:
    """Rows of a group whose unit is held out: units by their luck, until there are enough rows.

    One unit at least stays to train.
    """
    rows = np.flatnonzero(group)
    names, unit_of = np.unique(
        np.asarray([units[r] for r in rows], dtype=object), return_inverse=True
    )
    counts = np.bincount(unit_of, minlength=len(names))
    out = np.zeros(len(names), dtype=bool)
    out[unit_of[already[rows]]] = True
    have, wanted = int(counts[out].sum()), round(share * len(rows))
    for unit in np.argsort(hashes(_strings(names), key), kind="stable").tolist():
        if have >= wanted or out.sum() + 1 >= len(names):
            break
        if not out[unit]:
            out[unit] = True
            have += int(counts[unit])
    chosen = np.zeros(len(group), dtype=bool)
    chosen[rows] = out[unit_of]
    return chosen


def _strings(names: Iterable[object]) -> list[str]:
    return [str(name) for name in names]
