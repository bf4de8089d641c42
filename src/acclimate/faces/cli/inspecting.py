"""inspect: look at a run's queries, candidates and labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from acclimate.faces.cli.display import Debug, Json, give, shown

WIDE = {"text", "query", "document", "part", "answer"}
"""Columns of texts: they share the room that the others leave."""

What = Literal["summary", "queries", "candidates", "labels", "corpus", "steps"]


def inspect(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")],
    what: Annotated[What, typer.Argument(help="What to look at.")] = "summary",
    query: Annotated[
        str | None, typer.Option("--query", help="Only this query: its id, or words of it.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Rows to show.")] = 20,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Look at a run: its queries, candidates, labels, documents or steps."""
    del json, debug
    from acclimate.pipeline.inspecting import look

    rows = look(run, what, query=query, limit=limit)
    if give(rows):
        return
    out = shown().out
    if isinstance(rows, dict):
        for name, value in rows.items():
            out.print(f"[dim]{name:<12}[/]", end="")
            out.print(str(value), markup=False, soft_wrap=True)
        return
    from rich.markup import escape
    from rich.table import Table

    if not rows:
        out.print("Nothing there.")
        return
    # Ids stay in --json; here the texts they stand for are shown.
    hidden = {"query_id", "doc_id", "meta"} if what in ("candidates", "labels") else {"meta"}
    if all(row.get("answer") is None for row in rows):
        hidden = {*hidden, "answer"}
    names = [name for name in rows[0] if name not in hidden]
    table = Table(box=None, pad_edge=False, row_styles=["", "dim"])
    for name in names:
        wide = name in WIDE
        table.add_column(name, overflow="ellipsis", no_wrap=True, ratio=2 if wide else None)
    table.expand = any(name in WIDE for name in names)
    for row in rows:
        table.add_row(*(escape(_cell(row[name])) for name in names))
    out.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value).replace("\n", " ")[:200]
