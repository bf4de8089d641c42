"""Inspecting: rows of a finished or stopped run, for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from acclimate.errors import StoreError, near_miss
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.saved import from_json
from acclimate.pipeline.writing import TABLES
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus, Queries, Table


def facts_of(run: Path) -> dict[str, Any]:
    """report.json of a run.

    Raises:
        StoreError: when the folder is no run, or the run has not ended.
    """
    if not (run / MARK).is_file():
        raise StoreError(f"{run} is no run folder. Give the folder named with --out.")
    path = run / "report.json"
    if not path.is_file():
        raise StoreError(f"The run in {run} has not ended. Go on with the command that began it.")
    facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return facts


def recipe_of(run: Path) -> Recipe:
    """The recipe of a run, as it was carried out.

    Raises:
        StoreError: when the folder is no run, or has a recipe of parts from elsewhere.
    """
    facts_of(run)
    recipe: Recipe = from_json(json.loads((run / "recipe.json").read_text("utf-8")))
    return recipe


def open_table(run: Path, kind: type[Table]) -> Table:
    """A table of a run.

    Raises:
        StoreError: when it is not there.
    """
    name = next(n for n, k in TABLES.items() if k is kind)
    path = run / "tables" / f"{name}.arrow"
    if not path.is_file():
        facts_of(run)
        raise StoreError(f"The recipe of {run} made no {name}.")
    return kind.open(path)


def look(run: Path, what: str, *, query: str | None = None, limit: int = 20) -> Any:
    """A summary, or the first rows of a table or of the steps.

    Args:
        run: the run folder.
        what: "summary", "steps", "queries", "candidates", "labels" or "corpus".
        query: only rows of queries with this id or these words.
        limit: how many rows.
    """
    if what == "summary":
        return _summary(run)
    if what == "steps":
        return [_step(s) for s in facts_of(run)["steps"]][:limit]
    if what not in TABLES:
        raise StoreError(f"A run has no {what!r}.{near_miss(what, [*TABLES, 'steps', 'summary'])}")
    table = open_table(run, TABLES[what])
    if query is not None and what != "corpus":
        table = table.where("query_id", _matching(run, query))
    rows = table.head(limit)
    if what not in ("candidates", "labels"):
        return rows.dicts()
    return _with_texts(run, rows)


def _summary(run: Path) -> dict[str, Any]:
    facts = facts_of(run)
    return {
        "verdict": facts["verdict"]["sentence"],
        "recipe": facts["recipe"]["name"],
        "base": facts["student"]["base"],
        "documents": facts["corpus"]["documents"],
        "model": facts["model"]["load"],
        "report": str(run / "report.html"),
        "made": facts["made"],
        **{
            name: len(open_table(run, kind))
            for name, kind in TABLES.items()
            if (run / "tables" / f"{name}.arrow").is_file()
        },
    }


def _step(step: dict[str, Any]) -> dict[str, Any]:
    return {
        "step": step["name"],
        "rows": step["rows_out"],
        "seconds": step["seconds"],
        "part": step["part"],
    }


def _matching(run: Path, query: str) -> list[str]:
    queries = open_table(run, Queries)
    words = query.lower()
    found = [
        i
        for i, text in zip(queries["query_id"], queries["text"], strict=True)
        if i == query or words in text.lower()
    ]
    if not found:
        raise StoreError(f"No query of the run has the id or the words {query!r}.")
    return found


def _with_texts(run: Path, rows: Table) -> list[dict[str, Any]]:
    """The rows with the texts of their queries and documents in place of the ids alone."""
    queries, corpus = open_table(run, Queries), open_table(run, Corpus)
    asked = {r["query_id"]: r["text"] for r in queries.where("query_id", rows["query_id"]).dicts()}
    told = {
        r["doc_id"]: f"{r['title']} {r['text']}".strip()
        for r in corpus.where("doc_id", rows["doc_id"]).dicts()
    }
    return [
        {
            "query_id": row.pop("query_id"),
            "doc_id": row.pop("doc_id"),
            **row,
            "query": asked.get(query),
            "document": (told.get(doc) or "")[:200],
        }
        for row in rows.dicts()
        for query, doc in [(row["query_id"], row["doc_id"])]
    ]
