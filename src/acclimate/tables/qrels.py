"""Qrels: judgements by people. Only evaluators may ask for them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pyarrow as pa

from acclimate.errors import TableError
from acclimate.tables.corpus import Corpus
from acclimate.tables.formats.judgements import read_judgements
from acclimate.tables.intake import Tally
from acclimate.tables.table import Table


class Qrels(Table):
    """Relevance judgements by people: `query_id`, `doc_id`, `grade` (0 is not relevant).

    They never train: the laws refuse any part outside `evaluators` that takes this table.
    """

    schema: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("query_id", pa.string(), nullable=False),
            pa.field("doc_id", pa.string(), nullable=False),
            pa.field("grade", pa.int32(), nullable=False),
        ]
    )
    key: ClassVar[tuple[str, ...]] = ("query_id", "doc_id")

    @classmethod
    def read(cls, source: Any, *, split: str | None = None) -> Self:
        """Judgements from BEIR (.tsv with a header, or its folder), TREC (four columns) or rows.

        Args:
            source: file, BEIR folder, collection of `ir_datasets` ("irds:…"), or list of dicts.
            split: which qrels/<split>.tsv of a folder; without it "test", or the only one.

        Raises:
            TableError: when a line cannot be read, or when there is no judgement.
        """
        tally = Tally()
        rows = list(read_judgements(source, tally, split))
        if not rows:
            raise TableError(
                tally.nothing(
                    "judgement", f"{source!s:.80}", "a query's id, a document's id and a grade"
                )
            )
        return cls.columns(
            query_id=[row[0] for row in rows],
            doc_id=[row[1] for row in rows],
            grade=[row[2] for row in rows],
        ).with_intake(tally.intake())

    def onto(self, corpus: Corpus) -> Self:
        """The judgements by the ids of this corpus.

        A judged document that was dropped as a duplicate is judged under the one kept for it;
        the higher grade stands where both were judged.
        """
        names = corpus.aliases
        if not names:
            return self
        best: dict[tuple[str, str], int] = {}
        for query, document, grade in zip(
            self["query_id"], self["doc_id"], self["grade"], strict=True
        ):
            key = (query, names.get(document, document))
            best[key] = max(grade, best.get(key, grade))
        return (
            type(self)
            .columns(
                query_id=[q for q, _ in best],
                doc_id=[d for _, d in best],
                grade=list(best.values()),
            )
            .with_intake(self.intake)
        )
