"""Inputs: what a caller brought, in whatever form, as tables and a student."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acclimate.errors import ModelError, TableError
from acclimate.models.family import FAMILIES, named
from acclimate.models.student import Model, Student
from acclimate.tables import Corpus, Qrels, Queries


@dataclass(frozen=True, kw_only=True)
class Judged:
    """People's judgements and the queries they are about; shown beside, never used.

    Args:
        queries: the judged queries.
        qrels: the judgements.
    """

    queries: Queries
    qrels: Qrels


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What a run starts from.

    Args:
        corpus: the documents, whole.
        student: the model to adapt.
        log: people's queries without labels; None when there are none.
        judged: judgements to show beside the verdict; None when there are none.
    """

    corpus: Corpus
    student: Student
    log: Queries | None = None
    judged: Judged | None = None


def read_inputs(corpus: Any, student: Any, *, queries: Any = None, qrels: Any = None) -> Inputs:
    """Tables and a student from paths, names or rows.

    A query that people judged is taken out of the log: it would otherwise train the model that
    its judgement measures.

    Raises:
        TableError: when something cannot be read, or judgements have no queries.
        ModelError: when the student is none.
    """
    docs = corpus if isinstance(corpus, Corpus) else Corpus.read(corpus)
    log = as_queries(queries) if queries is not None else None
    judged = as_judged(qrels, docs, log, corpus) if qrels is not None else None
    if log is not None and judged is not None:
        seen, texts = set(judged.queries["query_id"]), set(judged.queries["text"])
        log = log.keep(
            [
                i not in seen and t not in texts
                for i, t in zip(log["query_id"], log["text"], strict=True)
            ]
        )
    return Inputs(corpus=docs, student=as_student(student), log=log, judged=judged)


def as_student(given: Student | Model | str | Path) -> Student:
    """A student from itself, a model, a hub name or a folder, of whichever family it is."""
    if isinstance(given, Student):
        return given
    if isinstance(given, (str, Path)):
        return Student(encoder=named(str(given)))
    if isinstance(given, tuple(FAMILIES.values())):
        return Student(encoder=given)
    raise ModelError(
        f"A student is a Student, a Dense, a hub name or a folder; there is {type(given).__name__}."
    )


def as_queries(given: Queries | Any) -> Queries:
    """Queries from themselves, a file, or a list of strings or dicts."""
    return given if isinstance(given, Queries) else Queries.read(given)


def as_judged(qrels: Any, corpus: Corpus, log: Queries | None, source: Any) -> Judged:
    """Judgements with their queries, found in the log or in the corpus's BEIR folder.

    Raises:
        TableError: when the queries of the judgements are nowhere, or no judged document is in
            the corpus.
    """
    table = (qrels if isinstance(qrels, Qrels) else Qrels.read(qrels)).onto(corpus)
    wanted = set(table["query_id"])
    for queries in _sources(log, source, qrels):
        found = queries.where("query_id", wanted)
        if len(found):
            break
    else:
        raise TableError(
            f"The judgements name {len(wanted):,} queries (such as {sorted(wanted)[0]!r}), but "
            "their texts are not there. Give the queries with --queries, or a BEIR folder with "
            "queries.jsonl as the corpus; judged queries never train."
        )
    known = table.where("query_id", found["query_id"]).where("doc_id", wholes(corpus))
    if not len(known):
        raise TableError(
            f"No judged document (such as {table['doc_id'][0]!r}) is in the corpus "
            f"(which has {corpus['doc_id'][0]!r}). Are the judgements of another corpus?"
        )
    return Judged(queries=found.where("query_id", known["query_id"]), qrels=known)


def wholes(corpus: Corpus) -> set[str]:
    """Ids of the documents, and of those they were split from."""
    return set(corpus["doc_id"]) | {p for p in corpus["parent_id"] if p is not None}


def _sources(log: Queries | None, *places: Any) -> Iterable[Queries]:
    if log is not None:
        yield log
    for place in places:
        if isinstance(place, (str, Path)):
            for folder in (Path(place), *Path(place).parents[:2]):
                if any((folder / f"queries.jsonl{end}").is_file() for end in ("", ".gz")):
                    yield Queries.read(folder)
