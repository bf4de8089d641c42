"""Rows to queries: from BEIR, JSONL, CSV, Parquet or a text file with one query per line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from acclimate.errors import TableError
from acclimate.tables.formats.clean import clean_id, clean_text
from acclimate.tables.formats.fields import QUERY, Finder
from acclimate.tables.formats.lines import read_lines
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.formats.source import ending, read_source
from acclimate.tables.intake import Tally


class Asked(NamedTuple):
    """A row of what people asked.

    Args:
        name: the query's id.
        text: what was asked.
        kind: what sort of query; None where the row does not say.
        answer: what a right answer says; None where the row does not say.
    """

    name: str
    text: str
    kind: str | None
    answer: str | None


def read_questions(source: Any, tally: Tally, fields: Mapping[str, str] | None) -> Iterator[Asked]:
    """The queries of a source, in its order.

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
            yield Asked(
                key, text, None if kind is None else str(kind), _answer(record, found, tally)
            )


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


def _answer(record: Record, found: Mapping[str, Any], tally: Tally) -> str | None:
    """What the row says is right; of several answers the first, and none that is no text."""
    if "answer" not in found:
        return None
    value = record.fields[found["answer"]]
    if isinstance(value, (list, tuple)):
        if len(value) > 1:
            tally.count("several answers: the first taken", record.place)
        value = value[0] if value else None
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        tally.count("an answer that is no text: left out", record.place)
        return None
    return clean_text(value, found["answer"], record, tally).strip() or None


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
