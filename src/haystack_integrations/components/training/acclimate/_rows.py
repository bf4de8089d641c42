"""Rows: Haystack's documents and v1's dictionaries as acclimate's tables, and back.

A question is `{"question", "document"}`, a mined negative `{"question", "pos_doc", "neg_doc"}`
and a label the same with `score`, as in Haystack v1. Ids and what is known besides stand in
further keys; rows without ids get them by their texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from haystack import Document, logging

from acclimate.errors import TableError, near_miss
from acclimate.tables import Corpus, Queries

Row: TypeAlias = dict[str, Any]

logger = logging.getLogger(__name__)


def text_of(document: Document, meta_fields: Sequence[str] = ()) -> str:
    """What models read of a document: chosen meta fields, then its content, in lines."""
    fields = [str(document.meta[f]) for f in meta_fields if document.meta.get(f) is not None]
    return "\n".join([*fields, document.content or ""]) if document.content else ""


def corpus_of(texts: Iterable[tuple[str, str]]) -> Corpus:
    """A corpus of (id, text); what has no text is left out and told.

    Raises:
        TableError: when one id stands for two texts.
    """
    rows = [{"id": name, "text": text} for name, text in texts]
    filled = [row for row in rows if row["text"].strip()]
    if len(filled) < len(rows):
        logger.warning(
            "{count} of {total} documents have no text and are left out.",
            count=len(rows) - len(filled),
            total=len(rows),
        )
    return Corpus.read(filled, keep_duplicates=True) if filled else Corpus.empty()


def texts_of(documents: Iterable[Document], meta_fields: Sequence[str] = ()) -> dict[str, str]:
    """Texts of documents by id.

    Raises:
        TableError: when one id stands for two texts.
    """
    texts: dict[str, str] = {}
    for document in documents:
        text = text_of(document, meta_fields)
        if texts.setdefault(document.id, text) != text:
            raise TableError(
                f"Two documents with different texts share the id {document.id!r}. "
                "Give each an id of its own."
            )
    return texts


def named(text: str, kind: str) -> str:
    """An id made of a text, for rows that have none."""
    return f"{kind}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def check(rows: Sequence[Mapping[str, Any]], keys: Sequence[str], what: str) -> None:
    """Refuse rows that lack a text.

    Raises:
        TableError: which row lacks what.
    """
    for number, row in enumerate(rows):
        for key in keys:
            text = row.get(key)
            if not isinstance(text, str) or not text.strip():
                hint = near_miss(key, map(str, row)) if key not in row else ""
                raise TableError(
                    f"{what} {number} needs a text under {key!r}; there is {text!r:.40}.{hint}"
                )


def questions_of(queries: Queries, texts: Mapping[str, str]) -> list[Row]:
    """Rows of queries with the texts they were written from."""
    return [
        {
            "question": row["text"],
            "document": texts[row["source_doc_id"]],
            "query_id": row["query_id"],
            "document_id": row["source_doc_id"],
            "kind": row["kind"],
            "log_prob": row["log_prob"],
            "split": row["split"],
        }
        for row in queries.dicts()
    ]


def identified(
    questions: Sequence[Mapping[str, Any]], texts: Mapping[str, str] | None = None
) -> list[Row]:
    """Questions with ids, each pair of a question and a document once.

    Args:
        questions: rows with `question` and `document`.
        texts: known documents by id: a row without an id is of the one with its text.
    """
    check(questions, ("question", "document"), "Question")
    known = {text: name for name, text in reversed(list((texts or {}).items()))}
    rows: dict[tuple[str, str], Row] = {}
    for given in questions:
        text = given["document"]
        source = given.get("document_id") or known.get(text) or named(text, "text")
        name = given.get("query_id") or named(f"{source}\0{given['question']}", "question")
        rows.setdefault(
            (name, source),
            {"split": "train", **given, "query_id": name, "document_id": source},
        )
    return list(rows.values())


def queries_of(rows: Sequence[Mapping[str, Any]], split: str | None = None) -> Queries:
    """Identified questions as a table, all of one split where one is given."""
    return Queries.columns(
        query_id=[row["query_id"] for row in rows],
        text=[row["question"] for row in rows],
        source_doc_id=[row["document_id"] for row in rows],
        kind=[row.get("kind") for row in rows],
        log_prob=[row.get("log_prob") for row in rows],
        split=[split or row["split"] for row in rows],
    )
