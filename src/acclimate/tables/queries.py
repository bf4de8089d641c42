"""Queries: what people ask, or what a generator thinks they would ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import pyarrow as pa

from acclimate.errors import TableError
from acclimate.tables.corpus import Corpus
from acclimate.tables.formats.questions import read_questions
from acclimate.tables.intake import Tally
from acclimate.tables.table import Table

Split = Literal["train", "heldout"]


class Queries(Table):
    """Queries, written by a generator (then with a source document) or by people.

    Columns: `query_id`; `text`; `source_doc_id`, the document it was written from; `log_prob`,
    mean token log-probability under its writer (nats); `kind`, what sort of query; `split`,
    whether it trains or is held out for the gate; `topic`, a number shared by queries that are
    mined and trained together; `answer`, what a right answer says, where that is known.
    """

    schema: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("query_id", pa.string(), nullable=False),
            pa.field("text", pa.string(), nullable=False),
            pa.field("source_doc_id", pa.string()),
            pa.field("log_prob", pa.float32()),
            pa.field("kind", pa.string()),
            pa.field("split", pa.string(), nullable=False),
            pa.field("topic", pa.int32()),
            pa.field("answer", pa.string()),
        ]
    )
    key: ClassVar[tuple[str, ...]] = ("query_id",)
    refers: ClassVar[Mapping[str, type[Table]]] = {"source_doc_id": Corpus}

    @classmethod
    def read(
        cls,
        source: Any,
        *,
        fields: Mapping[str, str] | None = None,
        kind: str = "log",
        split: Split = "train",
    ) -> Self:
        """Queries of people: a text file with one per line, BEIR, JSONL, CSV, Parquet, dicts.

        They have no source document. Lines of a log that were asked before are dropped and
        counted in `intake`.

        Args:
            source: file, BEIR folder, `datasets.Dataset`, collection of `ir_datasets` ("irds:…"),
                or list of dicts or strings.
            fields: which field is the "id", "text", "kind" or "answer", where their names do not
                tell.
            kind: what sort of query they are, where a row does not say.
            split: whether they train or are held out.

        Raises:
            TableError: when a row cannot be read, or when there is no query.
        """
        tally = Tally()
        rows = list(read_questions(source, tally, fields))
        if not rows:
            raise TableError(
                tally.nothing(
                    "query",
                    f"{source!s:.80}",
                    "a line of text, or a row with a text (fields= names it)",
                )
            )
        return cls.columns(
            query_id=[row.name for row in rows],
            text=[row.text for row in rows],
            kind=[row.kind or kind for row in rows],
            split=[split] * len(rows),
            answer=[row.answer for row in rows],
        ).with_intake(tally.intake())

    def of_split(self, split: Split) -> Queries:
        """The queries that train, or those held out."""
        return self.where("split", [split])
