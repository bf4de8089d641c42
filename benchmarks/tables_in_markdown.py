"""tables_in_markdown: how a result is written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def grid(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table."""
    names = [str(name) for name in header]
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def points(value: float) -> str:
    """A share in points."""
    return f"{100 * value:.1f}"
