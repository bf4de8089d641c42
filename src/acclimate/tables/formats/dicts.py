"""Rows in memory: dicts, plain strings, or documents of other frameworks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.frameworks import as_row
from acclimate.tables.formats.record import Origin, Record


def read_dicts(source: Iterable[Any]) -> Iterator[Record]:
    """Dicts as they are; a string is a row that has only a text.

    Documents of Haystack, LangChain and LlamaIndex bring their ids and metadata.
    """
    origin = Origin("row", "")
    for number, row in enumerate(source, start=1):
        if isinstance(row, str):
            yield Record({"text": row}, origin, number)
        elif isinstance(row, Mapping):
            yield Record(row, origin, number)
        elif (fields := as_row(row)) is not None:
            yield Record(fields, origin, number)
        else:
            raise TableError(
                f"row {number}: each row must be a dict such as "
                f'{{"id": "1", "text": "…"}}, a string, or a document of Haystack, LangChain or '
                f"LlamaIndex; there is {type(row).__name__}."
            )
