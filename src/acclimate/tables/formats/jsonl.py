"""JSON Lines (.jsonl, .ndjson, also .gz) and JSON lists (.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.lines import read_lines, read_text
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.intake import Tally


def read_jsonl(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """One object per line; empty lines are passed over."""
    origin = Origin(name)
    for number, line in read_lines(path, origin, tally):
        if line.strip(" \t\r\n"):
            yield Record(_parsed(line, origin, number), origin, number)


def read_json(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """A list of objects, one object, or what is really JSON Lines under another name."""
    origin = Origin(name)
    text = read_text(path, origin, tally).strip(" \t\n")
    if text.startswith("["):
        yield from _items(text, Origin(name, "item"))
        return
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        yield from read_jsonl(path, name, tally)
        return
    yield Record(_checked(whole, origin, 1), origin, 1)


def _items(text: str, origin: Origin) -> Iterator[Record]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise _broken(f"{origin.name}, line {error.lineno}", text, error) from error
    except RecursionError as error:
        raise TableError(f"{origin.name} is nested too deeply to be rows of documents.") from error
    for number, row in enumerate(rows, start=1):
        yield Record(_checked(row, origin, number), origin, number)


def _parsed(line: str, origin: Origin, number: int) -> dict[str, Any]:
    try:
        return _checked(json.loads(line), origin, number)
    except json.JSONDecodeError as error:
        raise _broken(origin.place(number), line, error) from error
    except (RecursionError, ValueError) as error:
        raise TableError(f"{origin.place(number)}: cannot be read as a row: {error}") from error


def _checked(row: Any, origin: Origin, number: int) -> dict[str, Any]:
    if not isinstance(row, dict):
        kind = {list: "a list", str: "a string", type(None): "null"}.get(type(row), "a value")
        raise TableError(
            f"{origin.place(number)}: each row must be an object such as "
            f'{{"id": "1", "text": "…"}}; there is {kind}: {str(row)[:40]!r}.'
        )
    return row


def _broken(place: str, text: str, error: json.JSONDecodeError) -> TableError:
    near = text[max(error.pos - 20, 0) : error.pos + 20]
    fix = "Fix the line or remove it."
    if error.pos >= len(text) or error.msg.startswith("Unterminated"):
        fix = "A quote or bracket is missing, or the line was cut off: " + fix.lower()
    return TableError(
        f"{place}: not valid JSON ({error.msg} at column {error.colno}) near {near!r}. {fix}"
    )
