"""Cloze: training that reads a document without the query that was cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa

from acclimate.models.student import Student
from acclimate.parts._cloze import readings
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries, Table

TableT = TypeVar("TableT", bound=Table)


@dataclass(frozen=True, kw_only=True)
class Cloze:
    """Trains as its loop does, with the source of each query read as the query's kind says.

    Of kinds that end in "_cloze" the source is read without the query, of kinds that end in
    "_crop" as a crop of its own, so that matching words is not enough to find it. Each such
    reading is a document more, which takes the source's place in the query and in its labels.
    Nothing else changes: other documents, other queries, and the corpus of later steps.

    Rows: [003], [080].

    Paper:   Lee, Chang, Toutanova, Latent Retrieval for Weakly Supervised Open Domain Question
             Answering, ACL 2019, section 5. https://arxiv.org/abs/1906.00300
    Code:    google-research/language, language/orqa.
    Differs: any loop, any labels. Two queries of one document have a reading each, and `loops.Fit`
             takes neither for a stranger to the other.
    Cost:    that of the loop; each reading is one more text that it may encode.

    Args:
        loop: what trains.

    Returns:
        The student of the loop.
    """

    loop: Trainer

    def __post_init__(self) -> None:
        """Refuse a loop that does not train."""
        check_trainers(self, (self.loop,))

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train the student."""
        shown = readings(corpus, queries.of_split("train"))
        shown = {query: text for query, text in shown.items() if text.strip()}
        ctx.note("documents read otherwise", len(shown))
        tables = reread(corpus, queries, labels, shown)
        return trained(self.loop, tables, student, ctx, folder="reading")


def reread(
    corpus: Corpus, queries: Queries, labels: Labels, shown: dict[str, str]
) -> tuple[Corpus, Queries, Labels]:
    """The tables with a document more for each reading, which is the source of its query.

    Args:
        corpus: the documents.
        queries: the queries.
        labels: their labels.
        shown: how the source of a query is read, by the query's id.
    """
    ids = zip(queries["query_id"], queries["source_doc_id"], strict=True)
    source = {query: document for query, document in ids if query in shown}
    name = {query: f"{document} as read for {query}" for query, document in source.items()}
    more = Corpus.columns(
        doc_id=list(name.values()),
        title=[""] * len(name),
        text=[shown[query] for query in name],
        parent_id=[source[query] for query in name],
    )
    sources = [
        name.get(query, document)
        for query, document in zip(queries["query_id"], queries["source_doc_id"], strict=True)
    ]
    labelled = [
        name[query] if source.get(query) == document else document
        for query, document in zip(labels["query_id"], labels["doc_id"], strict=True)
    ]
    return (
        Corpus.joined([corpus, more]),
        _with(queries, "source_doc_id", sources),
        _with(labels, "doc_id", labelled),
    )


def _with(table: TableT, column: str, values: Sequence[str | None]) -> TableT:
    """The table with other values in one column."""
    place = table.schema.get_field_index(column)
    array = pa.array(values, pa.string())
    return type(table)(table.rows.set_column(place, table.schema.field(place), array))
