"""Rows to queries: from BEIR, JSONL, CSV, Parquet or a text file with one query per line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.clean import clean_id, clean_text
from acclimate.tables.formats.fields import QUERY, Finder
from acclimate.tables.formats.lines import read_lines
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.formats.source import ending, read_source
from acclimate.tables.intake import Tally


def read_questions(
    source: Any, tally: Tally, fields: Mapping[str, str] | None
) -> Iterator[tuple[str, str, str | None]]:
    """Query id, text and kind of each row.

    A query without an id is one line of a log: asked again, it is dropped and counted. With ids
    of their own, equal texts stay apart, since judgements may name both.
    """
    finder = Finder(QUERY, ("text",), fields)
    ids: dict[str, tuple[str, str]] = {}
    texts: set[str] = set()
    for record in _records(source, tally):
        tally.read += 1
        found = finder(record)
        text = clean_text(record.fields[found["text"]], found["text"], record, tally)
        text = " ".join(text.split())
        if not text:
            tally.count("empty text: skipped", record.place)
            continue
        key = _id(record, found, tally)
        if not key and text in texts:
            tally.count("asked before: dropped", record.place)
            continue
        texts.add(text)
        key = key or f"q{record.number}"
        if _is_new(key, text, ids, record, tally):
            kind = record.fields[found["kind"]] if "kind" in found else None
            tally.kept += 1
            yield key, text, None if kind is None else str(kind)


def _records(source: Any, tally: Tally) -> Iterator[Record]:
    if (
        isinstance(source, (str, Path))
        and ending(Path(source)) == ".txt"
        and Path(source).is_file()
    ):
        origin = Origin(Path(source).name)
        return (
            Record({"text": line}, origin, number)
            for number, line in read_lines(Path(source), origin, tally)
            if line.strip()
        )
    return read_source(source, "queries.jsonl", tally)


def _id(record: Record, found: Mapping[str, Any], tally: Tally) -> str:
    if "id" not in found:
        return ""
    return clean_id(record.fields[found["id"]], found["id"], record, tally)


def _is_new(
    key: str, text: str, ids: dict[str, tuple[str, str]], record: Record, tally: Tally
) -> bool:
    if key not in ids:
        ids[key] = (text, record.place)
        return True
    if ids[key][0] != text:
        raise TableError(
            f"{record.place}: the id {key!r} is already there with another text "
            f"({ids[key][1]}). Give each query an id of its own."
        )
    tally.count("identical row (same id and text): dropped", record.place)
    return False
