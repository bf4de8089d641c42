"""The command line: parses, calls the pipeline, shows what came of it."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from acclimate.faces.cli import (
    adapting,
    explaining,
    exporting,
    inspecting,
    judging,
    machine,
    searching,
)
from acclimate.faces.cli.display import shown, start
from acclimate.faces.cli.failures import EPILOGUE, Commands

app = typer.Typer(
    name="acclimate",
    cls=Commands,
    help="Teach a retriever a new domain from its unlabelled documents alone.",
    epilog=EPILOGUE,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from acclimate import __version__

        shown().out.print(f"acclimate {__version__}")
        raise typer.Exit


@app.callback()
def _before(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    del version
    start()
    # A level on the handler, not only on the root: libraries set levels of their own.
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    logging.basicConfig(format="%(name)s: %(message)s", handlers=[handler])


app.command()(adapting.adapt)
app.command()(adapting.plan)
app.command()(searching.evaluate)
app.command()(searching.search)
app.command()(judging.judge)
app.command()(exporting.export)
app.command()(explaining.explain)
app.command()(explaining.recipes)
app.command()(inspecting.inspect)
app.command()(machine.doctor)
