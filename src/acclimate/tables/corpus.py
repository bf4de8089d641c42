"""Corpus: the documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import pyarrow as pa

from acclimate.errors import TableError
from acclimate.tables.formats.documents import Seen, read_documents
from acclimate.tables.intake import Tally
from acclimate.tables.split import split_rows
from acclimate.tables.table import Table

ALIASES_KEY = b"acclimate.aliases"


class Corpus(Table):
    """Documents.

    Columns: `doc_id`; `title` (may be empty); `text`; `parent_id`, the document this one was
    split from; `meta`, whatever else the row brought, as JSON.
    """

    schema: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("doc_id", pa.string(), nullable=False),
            pa.field("title", pa.string(), nullable=False),
            pa.field("text", pa.string(), nullable=False),
            pa.field("parent_id", pa.string()),
            pa.field("meta", pa.string()),
        ]
    )
    key: ClassVar[tuple[str, ...]] = ("doc_id",)

    @classmethod
    def read(
        cls, source: Any, *, fields: Mapping[str, str] | None = None, keep_duplicates: bool = False
    ) -> Self:
        """Documents from a file, a folder, a data set or rows in memory.

        Paths: a folder of .txt and .md (.html, .pdf and .docx with the `docs` extra), one such
        file, .jsonl, .json, .csv, .tsv, .parquet, .arrow, a BEIR folder, TREC documents; most
        may be .gz. Also `datasets.Dataset` objects, lists of dicts or strings, and collections of
        `ir_datasets`, as objects or by id: "irds:beir/scifact".
        What was skipped or repaired is in `intake`.

        Args:
            source: where the documents are.
            fields: which field is the "id", "title", "text" or "parent", where their names do
                not tell.
            keep_duplicates: keep documents with the same title and text under several ids;
                otherwise the first stands for all, and `aliases` says for which.

        Raises:
            TableError: when something cannot be read, named by file, line and field; when two
                texts share an id; when nothing is left.
            MissingExtraError: when a file needs a library that is not installed.
        """
        tally = Tally()
        seen = Seen(tally, keep_texts=keep_duplicates)
        chunks = [
            pa.table(columns, schema=cls.schema)
            for columns in read_documents(source, tally, fields, seen)
        ]
        rows = pa.concat_tables(chunks)
        if not rows.num_rows:
            raise TableError(
                tally.nothing(
                    "document",
                    _name(source),
                    "a text file, or a row with a text (fields= names it)",
                )
            )
        if seen.aliases:
            aliases = json.dumps(seen.aliases, ensure_ascii=False)
            rows = rows.replace_schema_metadata({ALIASES_KEY: aliases})
        return cls._trusted(rows).with_intake(tally.intake())

    @cached_property
    def contents(self) -> list[str]:
        """Title and text of each document as one string: what every model reads."""
        return [
            f"{title} {text}" if title else text
            for title, text in zip(self["title"], self["text"], strict=True)
        ]

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Ids of documents dropped as duplicates when reading, each with the one kept for it."""
        saved = (self.rows.schema.metadata or {}).get(ALIASES_KEY)
        return dict(json.loads(saved)) if saved else {}

    def split(
        self,
        max_tokens: int,
        tokenizer: Any | str | Path | Callable[[str], int],
        *,
        overlap: int = 0,
    ) -> Self:
        """Documents of at most `max_tokens`, cut where the text allows it best.

        Long ones become pieces `doc#0`, `doc#1` … that keep the title and name the whole in
        `parent_id`; short ones stay as they are. `fold` brings results back to wholes.

        Args:
            max_tokens: tokens of title, text and special tokens together.
            tokenizer: the student's: a `tokenizers.Tokenizer`, a fast tokenizer of
                transformers, the path of a tokenizer.json or its folder, or a function that
                counts the tokens of a text.
            overlap: tokens that neighbouring pieces may share.

        Raises:
            TableError: when the sizes make no sense or a piece's id is taken.
        """
        rows, count = split_rows(self.rows, max_tokens, tokenizer, overlap)
        intake = self.intake
        pieces = type(self)(rows)
        if not count:
            return pieces
        reason = f"longer than {max_tokens} tokens: split"
        return pieces.with_intake(
            intake.changed(
                kept=len(pieces), reason=reason, count=count, examples=self._long_ids(pieces)
            )
        )

    def _long_ids(self, pieces: Table) -> tuple[str, ...]:
        kept = set(pieces["doc_id"])
        return tuple([i for i in self["doc_id"] if i not in kept][:3])


def _name(source: Any) -> str:
    return repr(str(source)) if isinstance(source, (str, Path)) else type(source).__name__
