"""export: a run's model as a graph, or its documents' vectors as an index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acclimate.faces.cli.display import Debug, Json, Quiet, give, shown, track


def export(  # noqa: PLR0913, PLR0917 - one argument per option
    place: Annotated[
        Path, typer.Argument(metavar="RUN|CORPUS", help="Run folder, or a corpus with --model.")
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="KIND", help="onnx, openvino, faiss, qdrant or lancedb.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="A folder is made in it.")
    ] = Path("exported"),
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="MODEL", help="Of a corpus: hub name or folder."),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", help="Queries to compare rankings with; else the held-out ones."),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option("--weights", help="onnx: float32 or int8; openvino: float32 or float16."),
    ] = None,
    at_least: Annotated[
        float | None,
        typer.Option(
            "--at-least", min=0, max=1, metavar="SHARE",
            help="Of the first 10 documents, the share that a graph must have in common with its "
            "checkpoint; else it is not kept. 0.95 where nothing is said.",
        ),
    ] = None,
    json: Json = False,
    debug: Debug = False,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Write the model as a graph that ranks alike, or the documents' vectors as an index."""
    del json, debug, quiet
    from acclimate.pipeline.exporting import Export
    from acclimate.pipeline.exporting import export as write

    given = {"weights": weights, "at_least": at_least}
    settings = {name: value for name, value in given.items() if value is not None}
    wanted = Export(to=to, model=model, queries=queries, settings=settings)
    told = write(place, wanted, out=out, track=track)
    if give(told):
        return
    view = shown().out
    if found := told.get("agreement"):
        view.print(
            f"top-{found['top']} overlap with the checkpoint: {found['overlap']:.3f} "
            f"({found['queries']:,} queries, {found['documents']:,} documents)"
        )
    else:
        view.print(f"{told['documents']:,} documents with vectors of {told['model']}", markup=False)
    view.print(told["folder"], markup=False, soft_wrap=True)
