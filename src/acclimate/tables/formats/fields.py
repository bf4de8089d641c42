"""Which field of a row is the id, the title, the text: found by the names people use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acclimate.errors import TableError, near_miss
from acclimate.tables.formats.record import Record

DOCUMENT: Mapping[str, tuple[str, ...]] = {
    "id": (
        "_id",
        "id",
        "doc_id",
        "docid",
        "docno",
        "document_id",
        "pid",
        "passage_id",
        "corpus-id",
        "corpus_id",
        "uid",
        "uuid",
        "key",
    ),
    "title": ("title", "headline", "heading", "subject", "name"),
    "text": (
        "text",
        "contents",
        "content",
        "body",
        "passage",
        "page_content",
        "passage_text",
        "document",
        "abstract",
        "article",
        "raw_content",
        "description",
    ),
    "parent": ("parent_id",),
}
QUERY: Mapping[str, tuple[str, ...]] = {
    "id": ("_id", "query_id", "query-id", "qid", "id", "question_id", "uid", "uuid", "key"),
    "text": ("text", "query", "question", "query_text", "search", "contents", "content", "title"),
    "kind": ("kind",),
    "answer": ("answer",),
}
QREL: Mapping[str, tuple[str, ...]] = {
    "query": ("query-id", "query_id", "qid", "query", "topic"),
    "document": ("corpus-id", "corpus_id", "doc_id", "docid", "docno", "pid", "document"),
    "grade": ("score", "grade", "relevance", "rel", "label", "rating"),
}
PAIR: Mapping[str, tuple[str, ...]] = {
    "query": ("query", "question", "query_text", "search", "text"),
    "document": (
        "doc_id",
        "document_id",
        "docid",
        "docno",
        "corpus-id",
        "corpus_id",
        "pid",
        "passage_id",
        "clicked",
        "document",
        "url",
    ),
    "answer": ("answer", "reply", "response"),
    "count": ("clicks", "count", "times", "frequency"),
}
KNOWN = {
    name for wanted in (DOCUMENT, QUERY, QREL, PAIR) for names in wanted.values() for name in names
}


def is_known(column: str) -> bool:
    """Whether a column's name is one that some table looks for."""
    return column.strip().lower() in KNOWN


class Finder:
    """Finds the wanted fields of records; asks anew only when the fields' names change.

    Args:
        wanted: names to look for, most telling first, by what they are wanted for.
        needed: what must be there.
        given: names the caller said, by what they are for.
    """

    def __init__(
        self,
        wanted: Mapping[str, tuple[str, ...]],
        needed: tuple[str, ...],
        given: Mapping[str, str] | None = None,
    ) -> None:
        self.wanted = wanted
        self.needed = needed
        self.given = dict(given or {})
        for name in self.given:
            if name not in wanted:
                raise TableError(f"fields cannot name {name!r}.{near_miss(name, wanted)}")
        self._found: dict[tuple[Any, ...], dict[str, Any]] = {}

    def __call__(self, record: Record) -> dict[str, Any]:
        """The field's name in this record for each thing wanted and there."""
        names = tuple(record.fields)
        found = self._found.get(names)
        if found is None:
            found = self._found[names] = self._find(record, names)
        return found

    def _find(self, record: Record, names: tuple[Any, ...]) -> dict[str, Any]:
        plain = {str(name).strip().lower(): name for name in reversed(names)}
        found: dict[str, Any] = {}
        for what, known in self.wanted.items():
            choices = (self.given[what].lower(),) if what in self.given else known
            name = next((plain[c] for c in choices if c in plain), None)
            if name is not None and name not in found.values():
                found[what] = name
            elif what in self.needed or what in self.given:
                raise self._missing(what, record, names)
        return found

    def _missing(self, what: str, record: Record, names: tuple[Any, ...]) -> TableError:
        there = ", ".join(repr(str(n)) for n in names[:20]) or "none"
        if what in self.given:
            asked = self.given[what]
            return TableError(
                f"{record.place}: there is no field {asked!r}."
                f"{near_miss(asked, [str(n) for n in names])}"
            )
        return TableError(
            f"{record.place}: no field for the {what}; its fields are {there}. Call one of them "
            f"{self.wanted[what][0]!r} (known: {', '.join(self.wanted[what])}), or say which: "
            f"read(…, fields={{{what!r}: …}})."
        )
