"""Collections of `ir_datasets`: by id, as "irds:cranfield", or as its `load` gives them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from acclimate.errors import MissingExtraError, TableError
from acclimate.tables.formats.record import Origin, Record

PREFIX = "irds:"
"""What an id begins with, as in PyTerrier."""

LIBRARY = "ir_datasets"
ITERATORS = {"corpus.jsonl": "docs", "queries.jsonl": "queries", "qrels": "qrels"}
"""What a collection calls the rows that a BEIR folder keeps in this file."""


def is_collection(source: object) -> bool:
    """Whether a source is a collection of `ir_datasets`, or the id of one."""
    if isinstance(source, (str, os.PathLike)):
        return str(source).startswith(PREFIX)
    return any(kind.__module__.partition(".")[0] == LIBRARY for kind in type(source).__mro__)


def read_collection(source: Any, stem: str) -> Iterator[Record]:
    """Its documents, queries or judgements; the library downloads what is not there yet.

    Args:
        source: a collection, or its id behind `PREFIX`.
        stem: which rows are meant, by their file of a BEIR folder.

    Raises:
        TableError: when there is no such collection, or it has no such rows.
        MissingExtraError: when the library is not installed.
    """
    named = isinstance(source, (str, os.PathLike))
    name = str(source).removeprefix(PREFIX) if named else "collection"
    collection, what = _loaded(name) if named else source, ITERATORS[stem]
    if not getattr(collection, f"has_{what}")():
        there = [w for w in ITERATORS.values() if getattr(collection, f"has_{w}")()]
        raise TableError(
            f"{name} of ir_datasets has no {what}; it has {', '.join(there) or 'nothing'}. "
            "Give the id of a part that has them."
        )
    origin, fields = Origin(name, what), _FIELDS[what]
    for number, row in enumerate(getattr(collection, f"{what}_iter")(), start=1):
        yield Record(fields(row), origin, number)


def _loaded(name: str) -> Any:
    try:
        import ir_datasets
    except ImportError as error:
        raise MissingExtraError(LIBRARY, "ir-datasets") from error
    try:
        return ir_datasets.load(name)
    except KeyError as error:
        raise TableError(
            f"ir_datasets knows no collection {name!r}. Its ids are in its catalogue, such as "
            f"{PREFIX}beir/scifact/test."
        ) from error


def _document(row: Any) -> dict[str, Any]:
    """A document's text, its title apart where it has one, and every other field of its own."""
    rest = {
        name: value
        for name, value in row._asdict().items()
        if name not in ("doc_id", "text", "title") and isinstance(value, (str, int, float))
    }
    text = row.text if hasattr(row, "text") else row.default_text()
    title = row.title if hasattr(row, "text") and hasattr(row, "title") else ""
    return {"_id": row.doc_id, "title": title, "text": text, **({"meta": rest} if rest else {})}


def _query(row: Any) -> dict[str, Any]:
    return {"_id": row.query_id, "text": row.default_text()}


def _judgement(row: Any) -> dict[str, Any]:
    return {"query-id": row.query_id, "corpus-id": row.doc_id, "score": row.relevance}


_FIELDS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "docs": _document, "queries": _query, "qrels": _judgement,
}  # fmt: skip
