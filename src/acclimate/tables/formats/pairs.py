"""Rows to pairs: what somebody asked, and the document that met it or the answer that was given."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from acclimate.errors import TableError
from acclimate.tables.formats.clean import clean_id, clean_text
from acclimate.tables.formats.fields import PAIR, Finder
from acclimate.tables.formats.record import Record
from acclimate.tables.formats.source import read_source
from acclimate.tables.intake import Tally


class Pair(NamedTuple):
    """A row of a log.

    Args:
        query: what was asked, as it was asked.
        document: id of the document that met it; "" where the row names none.
        answer: the answer that was given; "" where there is none.
        times: how often; 1 where the row does not say.
    """

    query: str
    document: str
    answer: str
    times: float


Meets = Literal["document", "answer"]


def read_pairs(
    source: Any,
    tally: Tally,
    fields: Mapping[str, str] | None = None,
    *,
    meets: tuple[Meets, ...] = ("document",),
) -> Iterator[Pair]:
    """The pairs of a source, in its order; what says nothing is counted.

    Args:
        source: whatever `read_source` takes.
        tally: counts what was skipped or repaired.
        fields: which field is the "query", "document", "answer" or "count", where their names do
            not tell.
        meets: what may meet a query; a row needs one of these.

    Raises:
        TableError: when a row lacks a field, or has a count that is none.
    """
    only = meets if len(meets) == 1 else ()
    finder = Finder(PAIR, ("query", *only), fields)
    for record in read_source(source, "pairs.jsonl", tally):
        tally.read += 1
        found = finder(record)
        if not any(what in found for what in meets):
            there = ", ".join(repr(str(name)) for name in record.fields) or "none"
            raise TableError(
                f"{record.place}: no field for {' or '.join(meets)}; its fields are {there}. "
                f"Call one of them {' or '.join(repr(PAIR[what][0]) for what in meets)}."
            )
        query = " ".join(_text(record, found, "query", tally).split())
        document, answer = _id(record, found, tally), _text(record, found, "answer", tally)
        told = {"document": document, "answer": answer}
        count = _count(record, found)
        if not query:
            tally.count("empty query: skipped", record.place)
        elif not any(told[what] for what in meets):
            tally.count(f"no {' and no '.join(meets)}: skipped", record.place)
        elif not count:
            tally.count("a count of 0: skipped", record.place)
        else:
            tally.kept += 1
            yield Pair(query, document, answer, count)


def _text(record: Record, found: Mapping[str, Any], what: str, tally: Tally) -> str:
    if what not in found:
        return ""
    return clean_text(record.fields[found[what]], found[what], record, tally).strip()


def _id(record: Record, found: Mapping[str, Any], tally: Tally) -> str:
    if "document" not in found:
        return ""
    return clean_id(record.fields[found["document"]], found["document"], record, tally).strip()


def _count(record: Record, found: Mapping[str, Any]) -> float:
    if "count" not in found:
        return 1.0
    value = record.fields[found["count"]]
    try:
        count = float(value)
    except (TypeError, ValueError):
        count = math.nan
    if not 0 <= count < math.inf:
        raise TableError(
            f"{record.place}: the field {str(found['count'])!r} must be a count, 0 or more; there "
            f"is {value!r}. Fix the line or remove it."
        )
    return count
