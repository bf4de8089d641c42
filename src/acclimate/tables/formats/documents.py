"""Rows to documents: ids, titles, texts; what is empty, twice or broken is counted or refused."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.clean import clean_id, clean_text
from acclimate.tables.formats.fields import DOCUMENT, Finder
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.formats.source import read_source
from acclimate.tables.intake import Tally

CHUNK = 16_384
COLUMNS = ("doc_id", "title", "text", "parent_id", "meta")


def read_documents(
    source: Any, tally: Tally, fields: Mapping[str, str] | None, seen: Seen
) -> Iterator[dict[str, list[Any]]]:
    """Columns of documents, some thousand rows at a time, so that memory stays bounded."""
    finder = Finder(DOCUMENT, ("text",), fields)
    chunk: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for record in read_source(source, "corpus.jsonl", tally):
        tally.read += 1
        row = _row(record, finder(record), tally)
        if row is None or not seen.is_new(row, record):
            continue
        tally.kept += 1
        for name, value in zip(COLUMNS, row, strict=True):
            chunk[name].append(value)
        if len(chunk["doc_id"]) == CHUNK:
            yield chunk
            chunk = {name: [] for name in COLUMNS}
    yield chunk


def _row(record: Record, found: Mapping[str, Any], tally: Tally) -> tuple[Any, ...] | None:
    """doc_id, title, text, parent_id, meta; None when there is no text."""
    fields = record.fields
    title = text = doc_id = ""
    if "title" in found:
        title = clean_text(fields[found["title"]], found["title"], record, tally)
    text = clean_text(fields[found["text"]], found["text"], record, tally)
    if not text.strip():
        if not title.strip():
            tally.count("empty text: skipped", record.place)
            return None
        tally.count("empty text: the title taken as text", record.place)
        title, text = "", title
    if "id" in found:
        doc_id = clean_id(fields[found["id"]], found["id"], record, tally)
    if not doc_id:
        doc_id = _numbered(record, tally, had_field="id" in found)
    parent = fields[found["parent"]] if "parent" in found else None
    if parent is not None:
        parent = clean_id(parent, found["parent"], record, tally) or None
    return doc_id, title, text, parent, _meta(fields, found, record, tally)


def _numbered(record: Record, tally: Tally, *, had_field: bool) -> str:
    """An id for a row that has none: its file and number."""
    if had_field:
        tally.count("empty id: numbered", record.place)
    else:
        tally.count("no id: numbered", record.place)
    return (
        f"{record.origin.name.removesuffix('.gz').rpartition('.')[0] or record.origin.name}"
        f"-{record.number}"
    )


def _meta(
    fields: Mapping[Any, Any], found: Mapping[str, Any], record: Record, tally: Tally
) -> str | None:
    """What else the row brought, as JSON; a field `meta` or `metadata` is unpacked into it."""
    if len(fields) == len(found):
        return None
    taken = set(found.values())
    rest: dict[str, Any] = {}
    for name, value in fields.items():
        if name in taken or value is None:
            continue
        inner = _object(value) if name in ("meta", "metadata") else None
        rest = {**inner, **rest} if isinstance(inner, dict) else {**rest, str(name): value}
    if not rest:
        return None
    try:
        packed = json.dumps(rest, ensure_ascii=False, default=str)
    except (ValueError, TypeError, RecursionError) as error:
        raise TableError(
            f"{record.place}: its other fields cannot be kept as JSON: {error}. Remove them."
        ) from error
    return clean_text(packed, "meta", record, tally)


def _object(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


class Seen:
    """Which ids and texts there were, in little memory: places as numbers, texts as hashes.

    Args:
        tally: counts what is dropped.
        keep_texts: whether one text may stand under several ids; else `aliases` says which
            document stands for the one that was dropped.
    """

    def __init__(self, tally: Tally, *, keep_texts: bool = False) -> None:
        self.tally = tally
        self.keep_texts = keep_texts
        self.ids: dict[str, int] = {}
        self.texts: dict[bytes, str] = {}
        self.aliases: dict[str, str] = {}
        self.hashes: list[bytes] = []
        self.origins: dict[Origin, int] = {}
        self.places = (array("q"), array("q"))

    def is_new(self, row: tuple[Any, ...], record: Record) -> bool:
        """Whether a row (its id first) should be kept.

        Raises:
            TableError: when its id already names another text.
        """
        content = hashlib.blake2b("\x00".join(map(str, row[1:3])).encode(), digest_size=16).digest()
        before = self.ids.get(row[0])
        if before is not None:
            if self.hashes[before] != content:
                raise TableError(
                    f"{record.place}: the id {row[0]!r} is already there with another text "
                    f"({self._place(before)}). Give each document an id of its own."
                )
            self.tally.count("identical row (same id and text): dropped", record.place)
            return False
        if content in self.texts:
            if not self.keep_texts:
                self.tally.count("same title and text under another id: dropped", record.place)
                self.aliases[row[0]] = self.texts[content]
                return False
            self.tally.count("same title and text under another id: kept", record.place)
        self._remember(row[0], content, record)
        return True

    def _remember(self, key: str, content: bytes, record: Record) -> None:
        number = len(self.hashes)
        self.ids[key] = number
        self.texts.setdefault(content, key)
        self.hashes.append(content)
        self.places[0].append(self.origins.setdefault(record.origin, len(self.origins)))
        self.places[1].append(record.number)

    def _place(self, number: int) -> str:
        origin = list(self.origins)[self.places[0][number]]
        return origin.place(self.places[1][number])
