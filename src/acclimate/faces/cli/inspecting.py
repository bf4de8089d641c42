"""inspect: look at a run's queries, candidates and labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from acclimate.faces.cli.display import Debug, Json, give, shown

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
    table = Table(box=None, pad_edge=False, row_styles=["", "dim"])
    for name in rows[0]:
        table.add_column(name, overflow="ellipsis", max_width=60, no_wrap=name != "text")
    for row in rows:
        table.add_row(*(escape(_cell(v)) for v in row.values()))
    out.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value).replace("\n", " ")[:200]
