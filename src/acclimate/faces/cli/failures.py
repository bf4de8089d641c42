"""Failures: one clear message and an exit code, not a traceback."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from acclimate.errors import (
    AcclimateError,
    ModelError,
    RecipeError,
    ServiceError,
    StoreError,
    TableError,
)
from acclimate.faces.cli.display import shown

CODES: dict[type[BaseException], int] = {
    RecipeError: 2,
    TableError: 3,
    ModelError: 4,
    StoreError: 5,
    ServiceError: 6,
}
INTERRUPTED = 130

EPILOGUE = (
    "Exit codes: 0 done (an adapted model, or the base model where nothing was better: see the "
    "verdict) · 1 a defect in acclimate · 2 usage, unknown recipe or setting · 3 input that "
    "cannot be read · 4 a model that cannot be had · 5 run folder or disk · 6 remote service · "
    "130 interrupted (the same command goes on)"
)


class Commands(TyperGroup):
    """The commands, with our errors shown as messages."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; say in one message what went wrong."""
        try:
            return super().invoke(ctx)
        except AcclimateError as error:
            code = next((c for kind, c in CODES.items() if isinstance(error, kind)), 1)
            _say(type(error).__name__, str(error), code)
        except KeyboardInterrupt:
            code = INTERRUPTED
            _say("Interrupted", "Stopped. The same command goes on where it was.", code)
        except BrokenPipeError:
            # The reader (head, a pager) has seen enough.
            sys.stderr.close()
            raise typer.Exit(0) from None
        raise typer.Exit(code)


def _say(kind: str, message: str, code: int) -> None:
    view = shown()
    if view.debug:
        traceback.print_exc()
    if view.json:
        failure = {"error": {"kind": kind, "message": message, "exit_code": code}}
        sys.stdout.write(json.dumps(failure, ensure_ascii=False, indent=1) + "\n")
        return
    view.errors.print(f"[bold red]{kind}[/]", end=" ")
    view.errors.print(message, markup=False, highlight=False, soft_wrap=True)
