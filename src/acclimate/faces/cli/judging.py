"""judge: a language model judges the results of systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acclimate.faces.cli.adapting import MaxCalls, MaxCost
from acclimate.faces.cli.display import Debug, Json, Quiet, give, shown, track

WROTE = {
    None: "If this model also wrote the training queries, another one is the better judge.",
    True: "This model wrote or chose the training queries, and may be kind to its own.",
    False: "Another model, or none, wrote the training queries.",
}
"""What is said of judge and writer; None: no run was named."""


def judge(  # noqa: PLR0913, PLR0917 - one argument per option
    run: Annotated[
        Path,
        typer.Argument(metavar="RUN|RUN.trec", help="Run folder, or the results of a system."),
    ],
    by: Annotated[
        str, typer.Option("--by", metavar="MODEL", help="The judge: openai:http://host/v1#MODEL.")
    ],
    corpus: Annotated[
        Path | None,
        typer.Argument(metavar="CORPUS", help="The documents; a run folder has its own."),
    ] = None,
    other: Annotated[
        list[Path] | None,
        typer.Option("--run", metavar="RUN.trec", help="Results of another system; several times."),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option(
            "--queries", help="Their texts; not needed for a BEIR folder, or for a run folder."
        ),
    ] = None,
    qrels: Annotated[
        Path | None,
        typer.Option(
            "--qrels",
            "--labels",
            help="Labels by people of some pairs: agreement, and intervals that hold.",
        ),
    ] = None,
    depth: Annotated[int, typer.Option("--depth", "-n", min=1, help="Results judged.")] = 10,
    swap: Annotated[
        bool, typer.Option("--swap", help="Judge each pair in both orders; asks twice as often.")
    ] = False,
    adapted: Annotated[
        Path | None,
        typer.Option(
            "--adapted", metavar="RUN", help="The run judged: says whether its writer judges."
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Judgements; the same command goes on in it.")
    ] = Path("judged"),
    max_cost: MaxCost = None,
    max_calls: MaxCalls = None,
    json: Json = False,
    debug: Debug = False,
    quiet: Quiet = False,
) -> None:
    """Judge results where no person has: grades 0 to 3, nDCG of each system, agreement."""
    del json, debug, quiet
    from acclimate.faces.cli.tables import systems
    from acclimate.models.remote import Allowance, Remote
    from acclimate.pipeline.judging import Asked
    from acclimate.pipeline.judging import judge as carry_out

    allowance = Allowance(max_calls=max_calls, max_cost=max_cost)
    asked = Asked(
        judge=Remote.parse(by), depth=depth, swapped=swap, adapted=adapted,
        allowance=allowance, track=track,
    )  # fmt: skip
    told = carry_out([run, *(other or ())], corpus, asked, out=out, queries=queries, qrels=qrels)
    if give(told):
        return
    view = shown()
    title = f"{told['judged']:,} results of {told['queries']:,} queries as {told['judge']} judges"
    view.out.print(systems(title, told["systems"]))
    if told["people"]:
        found = told["people"]["agreement"]
        view.out.print(
            f"people and judge agree on {found['share']:.0%} of {found['pairs']} pairs, "
            f"kappa {found['kappa']:.2f}",
            markup=False,
        )
    view.out.print(WROTE[told["wrote the queries"]], style="dim")
