"""Exporting: the model of a run, or its documents' vectors, for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acclimate.engines.local import Local
from acclimate.errors import RecipeError, near_miss
from acclimate.parts import serving
from acclimate.parts.generators.fragments import Fragments
from acclimate.parts.part import Context, Track, call, needs, silent
from acclimate.pipeline.inputs import as_queries, as_student
from acclimate.pipeline.inspecting import facts_of
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.store import STUDENT, load_student
from acclimate.tables import Corpus, Queries

TARGETS: Mapping[str, Any] = {
    "onnx": serving.Onnx,
    "openvino": serving.OpenVINO,
    "faiss": serving.FaissIndex,
    "qdrant": serving.QdrantCollection,
    "lancedb": serving.LanceTable,
}
"""What an export may be, by the name of what reads it."""

ASKED = 200
"""Fragments of documents that are asked where there are no queries."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is to be exported.

    Args:
        to: one of `TARGETS`.
        model: hub name or folder, for a corpus; of a run None: the model it chose.
        queries: people's queries to compare rankings with; None: the run's held-out ones, or
            fragments of documents.
        settings: of the part, such as weights or at_least.
    """

    to: str
    model: str | None = None
    queries: Any = None
    settings: Mapping[str, Any]

    def part(self) -> Any:
        """The part that writes it.

        Raises:
            RecipeError: when there is no such export, or it has no such setting or value.
        """
        if self.to not in TARGETS:
            raise RecipeError(f"Nothing is exported to {self.to!r}.{near_miss(self.to, TARGETS)}")
        kind = TARGETS[self.to]
        known = set(kind.__dataclass_fields__)
        for name in self.settings:
            if name not in known:
                raise RecipeError(f"An export to {self.to} has no {name!r}.")
        return kind(**self.settings)


def export(place: Path, wanted: Export, *, out: Path, track: Track = silent) -> dict[str, Any]:
    """Write an export into a folder below `out`.

    The checkpoint works in float32, so that what is compared is the export alone.

    Args:
        place: a run folder, or a corpus (then with a model).
        wanted: what.
        out: where; made when it is not there.
        track: shows progress.

    Returns:
        The folder, and what was compared.

    Raises:
        RecipeError: when no model is given for a corpus.
        ModelError: when a graph ranks otherwise than its checkpoint.
    """
    part = wanted.part()
    ran = (place / MARK).is_file()
    if ran:
        facts_of(place)
        corpus = Corpus.open(place / "tables" / "corpus.arrow")
    elif wanted.model is None:
        raise RecipeError(f"{place} is no run folder; name the model with --model.")
    else:
        corpus = Corpus.read(place)
    student = as_student(wanted.model) if wanted.model else load_student(place / STUDENT, place)
    engine = Local(precision="float32", track=track)
    ctx = Context(engine=engine, folder=out, track=track)
    things: dict[type, Any] = {Corpus: corpus, type(student): student}
    if Queries in needs(part).values():
        things[Queries] = _queries(place, wanted.queries, corpus, replace(ctx, notes={}))
    inputs = {name: things[kind] for name, kind in needs(part).items()}
    out.mkdir(parents=True, exist_ok=True)
    folder = call(part, inputs, ctx)
    return {
        "folder": str(folder),
        "model": student.encoder.model,
        "documents": len(corpus),
        **ctx.notes,
    }


def _queries(place: Path, given: Any, corpus: Corpus, ctx: Context) -> Queries:
    if given is not None:
        return as_queries(given)
    kept = place / "tables" / "queries.arrow"
    if kept.is_file():
        return Queries.open(kept)
    return Fragments(queries=ASKED)(corpus, ctx)
