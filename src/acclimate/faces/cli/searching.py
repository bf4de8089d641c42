"""search and evaluate: base and adapted model side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from acclimate.faces.cli.display import Debug, Json, Quiet, give, shown, track


def search(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")],
    query: Annotated[
        str | None,
        typer.Argument(metavar="QUERY", help="What to look for; without it, asks again and again."),
    ] = None,
    depth: Annotated[int, typer.Option("--depth", "-n", min=1, help="Documents to show.")] = 5,
    json: Json = False,
    debug: Debug = False,
    quiet: Quiet = False,
) -> None:
    """Ask the base and the adapted model the same, side by side."""
    del json, debug, quiet
    from acclimate.pipeline.trying import Trial

    trial = Trial(run, track=track)
    if query is not None:
        _answer(trial, query, depth)
        return
    while True:
        try:
            asked = shown().errors.input("[bold]query[/] ")
        except EOFError:
            return
        if not asked.strip():
            return
        _answer(trial, asked, depth)


def evaluate(  # noqa: PLR0913, PLR0917 - one argument per option
    place: Annotated[
        Path, typer.Argument(metavar="RUN|CORPUS", help="Run folder, or a corpus with --model.")
    ],
    qrels: Annotated[Path, typer.Option("--qrels", help="Judgements by people: BEIR or TREC.")],
    queries: Annotated[
        Path | None,
        typer.Option("--queries", help="The judged queries; not needed for a BEIR folder."),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model", metavar="MODEL", help="Of a corpus: models; the first is the base."
        ),
    ] = None,
    run: Annotated[
        list[Path] | None,
        typer.Option("--run", metavar="RUN.trec", help="Results of another system; several times."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FOLDER", help="Each system's results, as TREC runs."),
    ] = None,
    json: Json = False,
    debug: Debug = False,
    quiet: Quiet = False,
) -> None:
    """Measure BM25, base, adapted, hybrids and other systems' runs by people's judgements."""
    del json, debug, quiet
    from acclimate.faces.cli.tables import systems
    from acclimate.pipeline.trying import Compared
    from acclimate.pipeline.trying import evaluate as measure

    wanted = Compared(models=tuple(model or ()), runs=tuple(run or ()), keep=keep)
    told = measure(place, qrels, wanted, queries=queries, track=track)
    if not give(told):
        shown().out.print(systems(f"{told['queries']:,} judged queries", told["systems"]))


def _answer(trial: Any, query: str, depth: int) -> None:
    found = trial.ask(query, depth)
    if give(found):
        return
    from rich.columns import Columns
    from rich.markup import escape
    from rich.panel import Panel

    view = shown()
    width = max(30, view.out.width // len(found["systems"]) - 2)
    panels = []
    for name, documents in found["systems"].items():
        lines = [
            f"[bold]{number}[/] [dim]{doc['score']:.3f} {escape(doc['doc_id'])}"
            f"{_moved(doc['moved'])}[/]\n{escape(doc['text'][:160])}"
            for number, doc in enumerate(documents, 1)
        ]
        panels.append(Panel("\n".join(lines), title=name, title_align="left", width=width))
    view.out.print(Columns(panels, padding=(0, 1)))


def _moved(ranks: int | None) -> str:
    if ranks is None:
        return " [green]new[/]"
    if not ranks:
        return ""
    return f" [green]▲{ranks}[/]" if ranks > 0 else f" [red]▼{-ranks}[/]"
