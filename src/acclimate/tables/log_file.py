"""LogFile: a file of what people asked, as a value that a part can hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from acclimate.errors import TableError
from acclimate.tables.formats.pairs import Meets, Pair, read_pairs
from acclimate.tables.intake import Intake, Tally
from acclimate.tables.queries import Queries


@dataclass(frozen=True)
class LogFile:
    """A file of what people asked. Nothing is read before it is asked for.

    What follows from it depends on what the file says and not on its name: a file that was
    changed is another one, and a copy is the same.

    Args:
        path: TSV, CSV, JSONL, JSON or Parquet, most of them also .gz; queries alone also as text
            with one per line.
        fields: which field is which where their names do not tell, as (("document", "url"),):
            "query", "document", "answer" and "count" of pairs, "text" and "answer" of queries.
    """

    path: str
    fields: tuple[tuple[str, str], ...] = ()

    def queries(self) -> Queries:
        """What was asked, each wording once.

        Raises:
            TableError: when the file cannot be read, or holds no query.
        """
        return Queries.read(self._file(), fields=dict(self.fields))

    def pairs(self, *, meets: tuple[Meets, ...] = ("document",)) -> tuple[list[Pair], Intake]:
        """What was asked and what met it, row by row, and what became of the other rows.

        Args:
            meets: what may meet a query: a document, an answer, or either.

        Raises:
            TableError: when the file cannot be read, or holds no pair.
        """
        tally = Tally()
        found = list(read_pairs(self._file(), tally, dict(self.fields), meets=meets))
        if not found:
            raise TableError(
                tally.nothing(
                    "pair",
                    repr(self.path),
                    "a row with a query and a document (fields= names them)",
                )
            )
        return found, tally.intake()

    def fingerprint(self) -> str:
        """SHA-256 of the file and of how it is read.

        Raises:
            TableError: when the file cannot be read.
        """
        try:
            with self._file().open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise TableError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        return hashlib.sha256(f"log {content} {self.fields!r}".encode()).hexdigest()

    def _file(self) -> Path:
        path = Path(self.path)
        if not path.is_file():
            raise TableError(
                f"There is no file {self.path!r}. A log is a file of rows: a query and the id of "
                "the document that met it, or an answer, and how often if that is known."
            )
        return path
