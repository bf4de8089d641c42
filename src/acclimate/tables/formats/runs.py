"""TREC runs: query Q0 document rank score tag, one line per result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
