"""Display: where words go, how progress looks, and the options every command shares."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer
from rich.console import Console


@dataclass
class Shown:
    """How this call shows things.

    Args:
        json: whether standard output carries one JSON value and nothing else.
        debug: whether failures show a traceback.
        quiet: whether progress is hidden.
        out: for results.
        errors: for progress, warnings and failures.
        bars: the progress that is shown now; None between two.
    """

    json: bool = False
    debug: bool = False
    quiet: bool = False
    out: Console = field(default_factory=lambda: Console(highlight=False))
    errors: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))
    bars: Any = None


_current: list[Shown] = [Shown()]


def shown() -> Shown:
    """How the current call shows things."""
    return _current[0]


def start() -> None:
    """Begin a call: the console that is there now, no option set yet."""
    _current[0] = Shown()


def _set(name: str) -> Any:
    def note(value: bool) -> bool:
        setattr(shown(), name, value)
        return value

    return note


Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON value and nothing else.",
                       callback=_set("json"), is_eager=True)]  # fmt: skip
Debug = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of a failure, and more of the log.",
                       callback=_set("debug"), is_eager=True)]  # fmt: skip
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Hide progress.",
                       callback=_set("quiet"), is_eager=True)]  # fmt: skip


def give(value: Any) -> bool:
    """Print a result as JSON if that was asked for; whether it was."""
    if not shown().json:
        return False
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")
    return True


def track(rows: Iterable[Any], what: str, total: int | None = None) -> Iterator[Any]:
    """Progress with rate and time left; silent where nobody watches.

    Work inside work (batches inside a round) is one more line of the same display.
    """
    view = shown()
    if view.quiet or not view.errors.is_terminal:
        yield from rows
        return
    if total is None and isinstance(rows, Sized):
        total = len(rows)
    outermost = view.bars is None
    bars = view.bars = view.bars or _bars(view.errors)
    if outermost:
        bars.start()
    task = bars.add_task(what, total=total)
    try:
        for row in rows:
            yield row
            bars.advance(task)
    finally:
        bars.remove_task(task)
        if outermost:
            bars.stop()
            view.bars = None


def _bars(console: Console) -> Any:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", justify="left"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def _Rate() -> Any:  # noqa: N802 - a column of rich, made when rich.progress is there
    from rich.progress import ProgressColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many a second."""

        def render(self, task: Any) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.1f}/s" if speed else "")

    return Rate()
