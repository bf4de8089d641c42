"""explain and recipes: what there is, and what it does."""

from __future__ import annotations

from typing import Annotated

import typer

from acclimate.faces.cli.display import Debug, Json, give, shown
from acclimate.faces.cli.settings import kind_of

STEP = 44
"""Characters of a line of a step: half of a terminal, and a bit."""


def recipes(json: Json = False, debug: Debug = False) -> None:
    """List the recipes."""
    del json, debug
    from rich.table import Table

    from acclimate.pipeline.explain import summaries

    told = summaries()
    if give(told):
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in told:
        table.add_row(f"[bold]{row['name']}[/]", row["summary"])
    shown().out.print(table)
    shown().out.print("\nacclimate explain NAME shows steps, settings, paper and cost.")


def explain(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Name, or file.py:function.")],
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Say what a recipe does: steps, tables, settings, paper, expected cost."""
    del json, debug
    from rich.markup import escape
    from rich.table import Table

    from acclimate.pipeline.explain import explained

    told = explained(recipe, kind_of, None if shown().json else STEP)
    if give(told):
        return
    out = shown().out
    out.print(f"[bold]{told['name']}[/]: {escape(told['summary'])}\n")
    for field in ("paper", "code", "differs", "cost"):
        if told[field]:
            out.print(f"[dim]{field:<8}[/]{escape(told[field])}")
    steps = Table(
        box=None, pad_edge=False, title="\nSteps", title_justify="left", title_style="bold"
    )
    for name in ("", "step", "takes", "gives", "cost"):
        steps.add_column(name, header_style="dim", overflow="fold", no_wrap=name == "step")
    for number, step in enumerate(told["steps"], 1):
        steps.add_row(
            str(number),
            escape(step["step"]),
            ", ".join(step["takes"]),
            step["gives"],
            escape(step["cost"]),
        )
    out.print(steps)
    out.print(f"[dim]gate[/]    {escape(told['judge'] or 'none: nothing is proved')}")
    _show_rules(told["rules"])
    settings = Table(
        box=None,
        pad_edge=False,
        title="\nSettings (--with name=value)",
        title_justify="left",
        title_style="bold",
    )
    for name in ("name", "default", "takes", "meaning"):
        settings.add_column(name, header_style="dim", overflow="fold")
    for row in told["settings"]:
        settings.add_row(row["name"], escape(row["default"]), row["takes"], escape(row["meaning"]))
    out.print(settings)


def _show_rules(rows: list[dict[str, str]]) -> None:
    """By what other parts are picked; nothing where none are."""
    if not rows:
        return
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        box=None, pad_edge=False, title="\nRules", title_justify="left", title_style="bold",
        row_styles=["", "dim"],
    )  # fmt: skip
    for name in ("rule", "looks at", "picks", "why"):
        table.add_column(name, header_style="dim", overflow="fold")
    for row in rows:
        table.add_row(*(escape(row[key]) for key in ("name", "looks_at", "picks", "why")))
    shown().out.print(table)
