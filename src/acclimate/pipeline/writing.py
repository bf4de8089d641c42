"""Writing: the outcome as files that people and programs use."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from acclimate.models.loading import loading
from acclimate.models.student import Student
from acclimate.models.weights import family_of
from acclimate.parts.part import Context
from acclimate.parts.serving.model_folder import ModelFolder
from acclimate.parts.shelf import Shelf
from acclimate.pipeline.card import card
from acclimate.pipeline.page import page
from acclimate.pipeline.store import write_json, write_text
from acclimate.tables import Candidates, Corpus, Drafts, Labels, Queries, Table

TABLES: dict[str, type[Table]] = {
    "corpus": Corpus, "queries": Queries, "candidates": Candidates, "labels": Labels,
    "drafts": Drafts,
}  # fmt: skip
"""What is laid down in tables/ at the end, by name."""


def write_model(student: Student, ctx: Context, name: str, facts: dict[str, Any]) -> Path:
    """The adapted model as an ordinary sentence-transformers folder with a model card.

    Its name holds a hash of its content: another model never comes under the same name, and an
    index built with one cannot be searched with another by mistake.
    """
    base = re.sub(r"[^\w.-]+", "-", Path(student.start.model).name).strip("-.") or "model"
    assert ctx.folder is not None  # noqa: S101 - a run has one
    models = ctx.folder / "models"
    models.mkdir(exist_ok=True)
    with loading(student.encoder.model, "the outcome"):
        folder = ModelFolder(name=f"{base}-{name}")(student, replace(ctx, folder=models))
    family = family_of(folder)
    facts["model"] = {
        "folder": f"models/{folder.name}", "load": str(folder), "family": family
    }  # fmt: skip
    if student.encoder.trust_remote_code:
        facts["model"]["code"] = True
    write_text(folder / "README.md", card(facts))
    return folder


def write_tables(shelf: Shelf, out: Path) -> None:
    """The tables as they are at the end, for `acclimate inspect` and for other programs."""
    folder = out / "tables"
    folder.mkdir(exist_ok=True)
    for name, kind in TABLES.items():
        if kind in shelf:
            shelf[kind].write(folder / f"{name}.arrow")
        else:
            (folder / f"{name}.arrow").unlink(missing_ok=True)


def write_report(facts: dict[str, Any], out: Path) -> None:
    """report.json and report.html."""
    write_json(out / "report.json", facts)
    write_text(out / "report.html", page(facts))
