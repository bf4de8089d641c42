"""doctor: what is installed, which models load, what this machine can do."""

from __future__ import annotations

from typing import Annotated

import typer

from acclimate.faces.cli.display import Debug, Json, give, shown


def doctor(
    models: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="MODEL", help="Also try this model; several times."),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Say what is installed, which models load, and what this machine can do."""
    del json, debug
    from acclimate.pipeline.doctor import examine

    told = examine(models or [])
    if give(told):
        return
    from rich.markup import escape

    out = shown().out
    for title, rows in told.items():
        out.print(f"[bold]{title}[/]")
        for row in rows:
            mark = {True: "[green]✓[/]", False: "[yellow]✗[/]", None: " "}[row["ok"]]
            out.print(f"  {mark} {row['name']:<26}{escape(row['text'])}")
