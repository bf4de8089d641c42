"""Drafts as they are written: their ids, and which queries they are written for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._words import normal
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Drafts, Queries

PREFIX = "draft:"
"""Begins the id of every draft, so that it cannot be taken for a document's."""

Wanted = tuple[str, float, str, int]
"""A kind, how relevant a draft of it is meant to be, the prompt that asks for it, how many."""


def draft_id(text: str) -> str:
    """An id that depends on nothing but the text: one text, one draft."""
    return PREFIX + _digest(text)


def asked_id(text: str) -> str:
    """The id of a query that was written together with its drafts."""
    return f"q-{PREFIX}{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def rows_of(
    query_id: str, told: Iterable[tuple[str, float, str]], *, asks: str | None = None
) -> list[dict[str, Any]]:
    """Rows of (kind, value, text) for one query; repeated and empty texts are left out."""
    rows: dict[str, dict[str, Any]] = {}
    for kind, value, text in told:
        if (same := normal(text)) and same not in rows:
            rows[same] = {
                "query_id": query_id,
                "doc_id": draft_id(text),
                "text": text,
                "value": value,
                "kind": kind,
                "asks": asks,
            }
    return list(rows.values())


def drafted(
    part: object,
    writer: Ref[Writer],
    asked: Mapping[str, Question],
    wanted: Iterable[Wanted],
    ctx: Context,
) -> Drafts:
    """Drafts of each wanted kind for each query, in the order of the queries.

    Args:
        part: whose luck decides.
        writer: writes.
        asked: the question about each query, by its id.
        wanted: kinds, in the order in which a query's drafts come.
        ctx: of the part.
    """
    seed = int(ctx.rng(part).integers(2**31))
    told: dict[str, list[tuple[str, float, str]]] = {query_id: [] for query_id in asked}
    for kind, value, prompt, count in wanted:
        said = ask(writer, load(prompt), list(asked.values()), ctx, count=count, seed=seed)
        for query_id, answers in zip(asked, said, strict=True):
            told[query_id] += [(kind, value, answer.text) for answer in answers]
    made = Drafts.of(row for query_id, of in told.items() for row in rows_of(query_id, of))
    ctx.note("drafts", {"queries": len(asked), "written": len(made)})
    return made


def invented(
    part: object, writer: Ref[Writer], prompt: str, corpus: Corpus, count: int, ctx: Context
) -> list[Said]:
    """`count` answers to a prompt that shows a document as a sample of its field.

    Documents are drawn by their ids, each once before one is shown again; luck hangs on what the
    part is and not on how much it writes, so that more answers begin with the same ones.
    """
    name = type(part).__name__
    order = np.argsort(hashes(corpus["doc_id"], salt(ctx, name)), kind="stable")
    shown, contents = order[:count].tolist(), corpus.contents
    questions = [Question(data={"document": contents[row]}) for row in shown]
    turns = -(-count // max(len(shown), 1))
    seed = int(ctx.rng(name).integers(2**31))
    said = ask(writer, load(prompt), questions, ctx, count=turns, seed=seed)
    return [answer for turn in zip(*said, strict=True) for answer in turn][:count]


def training(queries: Queries) -> list[dict[str, Any]]:
    """The queries that train: drafts are for nothing else."""
    return queries.of_split("train").dicts()
