"""TREC runs: query Q0 document rank score tag, one line per result."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from acclimate.errors import TableError
from acclimate.tables.formats.trec import read_columns
from acclimate.tables.intake import Tally

RUN = ("query", "Q0", "document", "rank", "score", "tag")


def read_run(path: Path, tally: Tally) -> Iterator[tuple[str, str, float, str]]:
    """Query id, document id, score and tag of each line.

    Raises:
        TableError: when a score is no number, or a document is there twice for a query.
    """
    if not path.is_file():
        raise TableError(f"There is no file {str(path)!r}. A run has six columns: {' '.join(RUN)}.")
    seen: dict[tuple[str, str], str] = {}
    for record in read_columns(path, path.name, RUN, tally):
        tally.read += 1
        query, document = record.fields["query"], record.fields["document"]
        try:
            score = float(record.fields["score"])
        except ValueError as error:
            raise TableError(
                f"{record.place}: the score must be a number; there is {record.fields['score']!r}."
            ) from error
        before = seen.setdefault((query, document), record.place)
        if before != record.place:
            raise TableError(
                f"{record.place}: document {document!r} is already there for query "
                f"{query!r} ({before}). Keep one."
            )
        tally.kept += 1
        yield query, document, score, record.fields["tag"]


def write_run(rows: Iterable[tuple[str, str, int, float, str]], path: Path) -> None:
    """Write query id, document id, rank, score and tag of each row; the file is whole or not there.

    Raises:
        TableError: when an id or a tag is empty or holds a blank, which parts the columns, or when
            nothing can be written there.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for query, document, rank, score, tag in rows:
                for what, value in (("query", query), ("document", document), ("tag", tag)):
                    _refuse_blanks(what, value)
                # The shortest digits that read back as the same float32.
                file.write(f"{query} Q0 {document} {rank} {np.float32(score)!s} {tag}\n")
        part.replace(path)
    except OSError as error:
        raise TableError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _refuse_blanks(what: str, value: str) -> None:
    if len(value.split()) != 1 or value != value.strip():
        raise TableError(
            f"A run parts its columns by blanks, so that the {what} {value!r} cannot stand in one. "
            "Give it a name without any."
        )
