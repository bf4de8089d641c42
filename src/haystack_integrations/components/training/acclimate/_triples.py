"""Triples: rows of a question, its document and another one, as acclimate's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acclimate.tables import Candidates, Corpus, Queries
from haystack_integrations.components.training.acclimate import _rows

PAIR = ("question", "pos_doc")
TRIPLE = (*PAIR, "neg_doc")


@dataclass(frozen=True, eq=False)
class Triples:
    """Questions, documents, and which three each row is about.

    Args:
        corpus: all documents.
        queries: one for each question and document it was written from.
        rows: ids of query, own document and other document (None where there is none), per row
            given.
    """

    corpus: Corpus
    queries: Queries
    rows: list[tuple[str, str, str | None]]

    def candidates(self) -> Candidates:
        """Each query's own document first, then the others, each once."""
        pairs = {(query, own): True for query, own, _ in self.rows}
        for query, _, other in self.rows:
            if other is not None:
                pairs.setdefault((query, other), False)
        ranks: dict[str, int] = {}
        table = []
        for (query, document), is_source in pairs.items():
            ranks[query] = ranks.get(query, 0) + 1
            table.append(
                {"query_id": query, "doc_id": document, "rank": ranks[query], "score": 0.0,
                 "is_source": is_source, "miner": "given"}
            )  # fmt: skip
        return Candidates.of(table)


def triples(
    rows: Sequence[Mapping[str, Any]], what: str, *, needs: tuple[str, ...] = TRIPLE
) -> Triples:
    """Tables of rows; what has no id gets one by its text.

    Args:
        rows: with the keys of `needs`.
        what: what a row is called in messages.
        needs: which texts each row must have.

    Raises:
        TableError: when a row lacks a text, or one id stands for two texts.
    """
    _rows.check(rows, needs, what)
    texts: dict[tuple[str, str], None] = {}
    questions: dict[tuple[str, str], dict[str, Any]] = {}
    taken: dict[str, str] = {}
    found = []
    for row in rows:
        own = row.get("pos_doc_id") or _rows.named(row["pos_doc"], "text")
        other = _other(row)
        name = row.get("query_id") or _rows.named(row["question"], "question")
        if taken.setdefault(name, own) != own:
            name = f"{name}#{own}"  # one question, several documents it was written from
        questions.setdefault(
            (name, own),
            {"query_id": name, "question": row["question"], "document_id": own},
        )
        texts[own, row["pos_doc"]] = None
        if other is not None:
            texts[other, row["neg_doc"]] = None
        found.append((name, own, other))
    queries = _rows.queries_of(list(questions.values()), split="train")
    return Triples(_rows.corpus_of(texts), queries, found)


def _other(row: Mapping[str, Any]) -> str | None:
    if row.get("neg_doc") is None:
        return None
    return str(row.get("neg_doc_id") or _rows.named(row["neg_doc"], "text"))
