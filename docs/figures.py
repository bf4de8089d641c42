"""Figures: the README's tables of results, made from benchmarks/results/*.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

BEGIN = "<!-- results: begin -->"
END = "<!-- results: end -->"
NONE = "No result is recorded yet: run `make bench` and then `make docs`."


def into(readme: str, results: Path) -> str:
    """The README with the block between its two markers written anew."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md must have the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{_block(results)}\n{END}{after}"


def _block(results: Path) -> str:
    parts = []
    for path in sorted(results.glob("*.json")):
        result = json.loads(path.read_text("utf-8"))
        table = TABLES.get(result.get("benchmark", ""))
        if table:
            parts.append(table(result) + _source(path, result))
    return "\n\n".join(parts) or NONE


def _source(path: Path, result: dict[str, Any]) -> str:
    machine = result.get("machine", {})
    cores = f", {machine['cores']} cores" if "cores" in machine else ""
    return f"\n\nFrom `benchmarks/results/{path.name}` ({result.get('date', 'no date')}{cores})."


def grid(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table."""
    names = list(header)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    return f"{value:.3f}".removeprefix("0") if isinstance(value, float) else str(value)


TABLES: dict[str, Callable[[dict[str, Any]], str]] = {}
"""How each benchmark's result is shown, by its name."""
