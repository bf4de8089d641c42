"""How extractive generators go through a corpus: which documents, whose luck, which ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from acclimate.parts._hashing import hashes, rng_of, salt
from acclimate.parts._words import normal, spans
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Rng = np.random.Generator
Write = Callable[[int, Rng], Iterable[tuple[str, str]]]
"""(row of a document, its random numbers) -> (kind, text) of its queries."""


def query_id(source: str, kind: str, text: str) -> str:
    """An id that depends on nothing but the query: the same in every run and order."""
    what = "\0".join((source, kind, text)).encode("utf-8", "surrogatepass")
    return "q" + hashlib.blake2b(what, digest_size=8).hexdigest()


def rows_of(source: str, texts: Iterable[tuple[str, str, float | None]]) -> list[dict[str, Any]]:
    """Rows of one document's (kind, text, log-probability); its repeated texts once, in order."""
    rows: dict[str, dict[str, Any]] = {}
    for kind, text, log_prob in texts:
        if (same := normal(text)) and same not in rows:
            rows[same] = {
                "query_id": query_id(source, kind, text),
                "text": text,
                "source_doc_id": source,
                "log_prob": log_prob,
                "kind": kind,
                "split": "train",
            }
    return list(rows.values())


def behind(
    queries: Queries, told: Mapping[int, Iterable[tuple[str, str, float | None]]]
) -> Queries:
    """The queries, and behind some of them new ones of the same source; known ones are left out.

    Args:
        queries: in their order.
        told: (kind, text, log-probability) of new ones, by the row of the query they stand behind.
    """
    rows: list[dict[str, Any]] = []
    taken = set(queries["query_id"])
    for row, query in enumerate(queries.dicts()):
        made = rows_of(query["source_doc_id"], told.get(row, ()))
        new = [one for one in made if one["query_id"] not in taken]
        taken.update(one["query_id"] for one in new)
        rows += [query, *new]
    return Queries.of(rows)


def written(
    part: object, corpus: Corpus, ctx: Context, write: Write, queries: int | None
) -> Queries:
    """What `write` makes of the documents, in their order.

    With `queries`, documents are visited in an order drawn by their ids until there are enough.
    Each document has random numbers of its own, so that adding a document changes no other's
    queries.
    """
    key = salt(ctx, part)
    ids = corpus["doc_id"]
    order = np.arange(len(ids))
    if queries is not None:
        order = np.argsort(hashes(ids, key), kind="stable")
    found: dict[int, list[dict[str, Any]]] = {}
    total = 0
    for row in ctx.track(order.tolist(), "documents", len(ids)):
        if queries is not None and total >= queries:
            break
        texts = ((kind, text, None) for kind, text in write(row, rng_of(ids[row], key)))
        made = rows_of(ids[row], texts)
        made = made if queries is None else made[: queries - total]
        found[row] = made
        total += len(made)
    ctx.note(
        "documents",
        {
            "read": len(found),
            "without a query": sum(not made for made in found.values()),
        },
    )
    return Queries.of(made for row in sorted(found) for made in found[row])


def without_words(text: str, share: float, rng: Rng) -> str:
    """A text from which each word is dropped with probability `share`; two words stay."""
    places = spans(text)
    if share <= 0 or len(places) <= 2:
        return text
    luck = rng.random(len(places))
    kept = set(np.flatnonzero(luck >= share)) | set(np.argsort(-luck, kind="stable")[:2])
    return " ".join(text[a:b] for i, (a, b) in enumerate(places) if i in kept)
