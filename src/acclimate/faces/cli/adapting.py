"""adapt and plan: the two commands that take a corpus and a recipe."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Any

import typer

from acclimate.faces.cli.display import Debug, Json, Quiet, give, shown, track
from acclimate.faces.cli.settings import parse

CorpusPath = Annotated[
    Path,
    typer.Argument(
        metavar="CORPUS", help="Folder, file (.jsonl .csv .tsv .parquet .txt .md …) or BEIR folder."
    ),
]
StudentName = Annotated[
    str,
    typer.Option("--student", "-s", metavar="MODEL", help="Model to adapt: hub name or folder."),
]
RecipeName = Annotated[
    str,
    typer.Option(
        "--recipe",
        "-r",
        metavar="NAME",
        help="Recipe: see `acclimate recipes`, or file.py:function.",
    ),
]
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with", "-w", metavar="NAME=VALUE", help="Setting of the recipe; several times."
    ),
]
Minutes = Annotated[
    float | None,
    typer.Option("--minutes", "-m", help="Size the run to this time, measured on this machine."),
]
Log = Annotated[
    Path | None,
    typer.Option(
        "--queries", help="People's queries without labels; they join the generated ones."
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Every random choice comes from it.")]
MaxRam = Annotated[
    str | None,
    typer.Option("--max-ram", metavar="SIZE", help="Memory for vectors and indexes, such as 2GB."),
]
Split = Annotated[
    bool,
    typer.Option(
        "--split/--cut",
        help="Documents longer than the student reads: make pieces, or read the beginning.",
    ),
]
MaxCost = Annotated[
    float | None,
    typer.Option(
        "--max-cost", help="Money for models behind an endpoint; the run stops there, all is kept."
    ),
]
MaxCalls = Annotated[
    int | None,
    typer.Option("--max-calls", help="Requests to models behind an endpoint; stops there too."),
]
OwnJudge = Annotated[
    bool,
    typer.Option(
        "--own-judge", help="Let the gate's judge be the language model that wrote the queries."
    ),
]
MODEL = "all-MiniLM-L6-v2"


def adapt(  # noqa: PLR0913, PLR0917 - one argument per option
    corpus: CorpusPath,
    student: StudentName = MODEL,
    recipe: RecipeName = "default",
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="RUN", help="Run folder; the same command goes on in it."
        ),
    ] = Path("run"),
    queries: Log = None,
    minutes: Minutes = None,
    qrels: Annotated[
        Path | None,
        typer.Option("--qrels", help="Judgements to show beside the verdict; they decide nothing."),
    ] = None,
    settings: With = None,
    seed: Seed = 0,
    max_ram: MaxRam = None,
    split: Split = True,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="FOLDER", help="Teacher scores shared between runs."),
    ] = None,
    max_cost: MaxCost = None,
    max_calls: MaxCalls = None,
    own_judge: OwnJudge = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Only say what would be done; answers that were paid are kept in --out.",
        ),
    ] = False,
    json: Json = False,
    debug: Debug = False,
    quiet: Quiet = False,
) -> None:
    """Adapt a model to documents, without labels; prove that it became better, or keep the base."""
    del json, debug
    if dry_run:
        _foresee(
            _maker(recipe, settings or []), corpus, student, queries=queries, seed=seed,
            minutes=minutes, max_ram=max_ram, split=split, max_cost=max_cost, max_calls=max_calls,
            own_judge=own_judge, out=out,
        )  # fmt: skip
        return
    from acclimate.pipeline.run import adapt as run

    outcome = run(
        _maker(recipe, settings or []),
        corpus,
        student,
        out=out,
        queries=queries,
        qrels=qrels,
        seed=seed,
        minutes=minutes,
        max_ram=max_ram,
        split=split,
        ledger=ledger,
        max_cost=max_cost,
        max_calls=max_calls,
        own_judge=own_judge,
        track=track,
        **({} if quiet else {"tell": tell}),
    )
    if give(
        {
            "adapted": outcome.adapted,
            "model": str(outcome.model),
            "report": str(outcome.report),
            "run": str(outcome.run),
            "verdict": outcome.verdict,
            "people": outcome.facts["people"],
        }
    ):
        return
    _closing(outcome)


def plan(  # noqa: PLR0913, PLR0917 - one argument per option
    corpus: CorpusPath,
    student: StudentName = MODEL,
    recipe: RecipeName = "default",
    queries: Log = None,
    minutes: Minutes = None,
    settings: With = None,
    seed: Seed = 0,
    max_ram: MaxRam = None,
    split: Split = True,
    max_cost: MaxCost = None,
    max_calls: MaxCalls = None,
    own_judge: OwnJudge = False,
    json: Json = False,
    debug: Debug = False,
    quiet: Quiet = False,
) -> None:
    """Say what `adapt` would do and how long it would take, and do nothing."""
    del json, debug, quiet
    _foresee(
        _maker(recipe, settings or []), corpus, student, queries=queries, seed=seed,
        minutes=minutes, max_ram=max_ram, split=split, max_cost=max_cost, max_calls=max_calls,
        own_judge=own_judge,
    )  # fmt: skip


def _foresee(maker: Any, corpus: Path, student: str, **options: Any) -> None:
    from acclimate.pipeline.run import foresee

    told = foresee(maker, corpus, student, track=track, tell=_told_before, **options)
    if not give(told):
        _show_plan(told)


def tell(what: str, facts: Any) -> None:
    """Say on standard error what just happened."""
    view = shown()
    if view.json:
        return
    if what in {"intake", "rules"}:
        _told_before(what, facts)
    elif what == "plan":
        _show_plan(facts)
    elif what == "step" and not facts["depth"]:
        rows = "" if facts["rows_out"] is None else f"{facts['rows_out']:,} {facts['gave'].lower()}"
        how = "found" if facts["reused"] else f"{facts['seconds']:.1f} s"
        view.errors.print(f"[green]✓[/] {facts['name']:<20} {rows:<22} [dim]{how}[/]")


def _told_before(what: str, facts: Any) -> None:
    """What came in, and which rules picked other parts for it."""
    view = shown()
    if view.json:
        return
    if what == "rules":
        for rule in facts["rules"]:
            if rule["fired"]:
                view.errors.print(f"rule {rule['name']}: {rule['picks']}", markup=False)
                view.errors.print(f"  {rule['why']}", markup=False, style="dim")
    if what != "intake":
        return
    view.errors.print(f"[bold]{facts['kept']:,}[/] documents of {facts['read']:,} rows")
    for reason, count in facts["reasons"].items():
        places = "; ".join(facts["examples"].get(reason, ()))
        view.errors.print(f"  {count:,} {reason} ({places})", markup=False, style="dim")


def _show_plan(told: Any) -> None:
    from rich.table import Table

    view = shown()
    # A dry run's plan is its result; a run's plan is talk.
    console = view.out if told.get("dry") else view.errors
    table = Table(box=None, pad_edge=False, title=None)
    for name, justify in (("step", "left"), ("expected", "left"), ("time", "right")):
        table.add_column(name, justify=justify, header_style="dim")  # type: ignore[arg-type]
    for row in told["steps"]:
        table.add_row(row["step"], row["what"], _time(row["seconds"]))
    console.print(
        f"[bold]{told['recipe']}[/], about {_time(told['seconds'])}"
        + (f" of {told['minutes']:g} min" if told["minutes"] else "")
    )
    console.print(table)
    for row in told.get("money", ()):
        money, tokens = row["money"], row["tokens"]["about"]
        console.print(
            f"{row['step']}: {row['records']:,} records, about {tokens:,.0f} tokens, money "
            f"{money['about']:.4g} ({money['low']} to {money['high']}), {_time(row['seconds'])}",
            markup=False,
        )
    if told["sizes"]:
        console.print(
            "sized: " + ", ".join(f"{k} {v:,}" for k, v in told["sizes"].items()), markup=False
        )
    if told["warning"]:
        console.print(told["warning"], style="yellow", markup=False)


def _closing(outcome: Any) -> None:
    from acclimate.faces.cli.tables import systems

    view = shown()
    colour = "green" if outcome.verdict["proved"] else "yellow"
    view.out.print()
    view.out.print(outcome.verdict["sentence"], style=f"bold {colour}", markup=False)
    facts = outcome.facts
    if facts["systems"]:
        view.out.print(systems("held-out queries", facts["systems"]))
    if facts["people"]:
        view.out.print(
            systems("as people judge (shown beside, never used)", facts["people"]["systems"])
        )
    if paid := facts["cost"]["endpoints"]:
        told = f"paid    {paid['requests']:,} requests, money {paid['money']:.4g}"
        view.out.print(told, markup=False, soft_wrap=True)
    view.out.print(f"model   {outcome.model}", markup=False, soft_wrap=True)
    view.out.print(f"report  {outcome.report}", markup=False, soft_wrap=True)


def _maker(name: str, settings: list[str]) -> Any:
    from acclimate.pipeline.finding import find_maker

    maker = find_maker(name)
    return functools.partial(maker, **parse(settings, maker))


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.1f} min"
