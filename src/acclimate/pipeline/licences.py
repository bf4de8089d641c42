"""Licences: under which a model's files say they may be used."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from acclimate.models.weights import EMBEDDED, find

UNSTATED = "not stated in its files; look it up before you pass the model on"


def licence_of(model: str) -> str:
    """What a model's card says, or the package it comes in; a name only, no legal advice."""
    folder = find(model)
    card = folder / "README.md"
    if card.is_file():
        head = re.match(r"---\n(.*?)\n---", card.read_text("utf-8", "replace"), re.DOTALL)
        found = re.search(r"^license:\s*[\"']?([\w.+-]+)", head[1], re.MULTILINE) if head else None
        if found:
            return found[1]
    if (folder / "LICENSE").is_file():
        return (folder / "LICENSE").read_text("utf-8", "replace").strip().splitlines()[0].strip()
    return _of_package(folder) or UNSTATED


def _of_package(folder: Path) -> str:
    package = folder.parent.name
    if package not in {name for name, _ in EMBEDDED.values()}:
        return ""
    try:
        told = metadata(package.replace("_", "-"))
    except PackageNotFoundError:
        return ""
    found = [told[name] for name in ("License-Expression", "License") if name in told]
    return str(found[0]) if found else ""


def teachers_of(recipe: Any) -> list[dict[str, str]]:
    """Name, role and licence of every other model that taught the student."""
    from acclimate.pipeline.checks import refs_of

    told = []
    for ref in refs_of((recipe.steps, recipe.judge)):
        name = getattr(ref, "model", None)
        if isinstance(name, str):
            licence = getattr(ref, "licence", None) or licence_of(name)
            told.append({"name": name, "role": type(ref).__name__, "licence": licence})
    return told
