"""Rows to judgements: BEIR's three columns with a header, TREC's four without."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.beir import beir_qrels
from acclimate.tables.formats.clean import clean_id
from acclimate.tables.formats.fields import QREL, Finder
from acclimate.tables.formats.ir_datasets import is_collection
from acclimate.tables.formats.lines import read_lines
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.formats.source import ending, read_source
from acclimate.tables.formats.trec import read_columns
from acclimate.tables.intake import Tally

TREC = ("query-id", "iteration", "corpus-id", "score")


def read_judgements(source: Any, tally: Tally, split: str | None) -> Iterator[tuple[str, str, int]]:
    """Query id, document id and grade of each row."""
    finder = Finder(QREL, ("query", "document", "grade"))
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for record in _records(source, tally, split):
        tally.read += 1
        found = finder(record)
        query, document = (
            clean_id(record.fields[found[what]], found[what], record, tally)
            for what in ("query", "document")
        )
        if not query or not document:
            raise TableError(
                f"{record.place}: a judgement needs a query and a document; there "
                f"is {query!r} and {document!r}. Fix the line or remove it."
            )
        grade = _grade(record.fields[found["grade"]], record)
        before = seen.setdefault((query, document), (grade, record.place))
        if before[0] != grade:
            raise TableError(
                f"{record.place}: query {query!r} and document {document!r} have "
                f"grade {grade} here and {before[0]} at {before[1]}. Keep one."
            )
        if before[1] != record.place:
            tally.count("identical row: dropped", record.place)
            continue
        tally.kept += 1
        yield query, document, grade


def _records(source: Any, tally: Tally, split: str | None) -> Iterator[Record]:
    if is_collection(source) or not isinstance(source, (str, os.PathLike)):
        return read_source(source, "qrels", tally)
    path = Path(source)
    if path.is_dir():
        path = beir_qrels(path, split)
    if not path.is_file():
        raise TableError(
            f"There is no file {str(path)!r}. Judgements are a .tsv with the "
            "columns query-id, corpus-id and score, or a TREC qrels file."
        )
    origin = Origin(path.name)
    lines = read_lines(path, origin, Tally())
    first = next((line for _, line in lines if line.strip()), "")
    if len(first.split()) == 4 and _is_whole(first.split()[3]):
        return read_columns(path, path.name, TREC, tally)
    if ending(path) in (".tsv", ".txt", ".qrels", "") and len(first.split()) == 3:
        return _three(path, first, tally)
    return read_source(path, "qrels", tally)


def _three(path: Path, first: str, tally: Tally) -> Iterator[Record]:
    """Three columns, with or without a header."""
    names = ("query-id", "corpus-id", "score")
    if _is_whole(first.split()[2]):
        return read_columns(path, path.name, names, tally)
    records = read_columns(path, path.name, tuple(first.split()), tally)
    next(records, None)
    return records


def _is_whole(value: str) -> bool:
    return value.lstrip("-").replace(".0", "").isdigit()


def _grade(value: Any, record: Record) -> int:
    try:
        number = float(value)
        if number == int(number):
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise TableError(
        f"{record.place}: a grade must be a whole number (0 is not relevant); there "
        f"is {value!r}. Fix the line or remove it."
    )
