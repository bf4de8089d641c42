"""Tables: results in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table


def systems(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Means of each system, and the change where it is significant."""
    measures = list(dict.fromkeys(m for row in rows for m in row["measures"]))
    table = Table(title=title, box=None, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("")
    for measure in measures:
        table.add_column(measure, justify="right", header_style="dim")
    for row in rows:
        cells = [_cell(row["measures"].get(m)) for m in measures]
        table.add_row(
            row["system"], *cells, style="bold" if row["system"].startswith("adapted") else ""
        )
    return table


def _cell(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return "-"
    change = cell["difference"]
    if not change or change["p"] >= 0.05:
        return f"{cell['mean']:.3f}"
    colour = "green" if change["mean"] > 0 else "red"
    return f"{cell['mean']:.3f} [{colour}]{change['mean']:+.3f}[/]"
