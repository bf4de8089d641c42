"""Bundle: the models that come with this package, and the list of what they must be.

The list (`manifest.json`) names every file with its size and SHA-256. No framework is loaded here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from acclimate.errors import ModelError

ROLES = ("writer", "teacher", "reader")
MANIFEST = "manifest.json"
MODELS = Path(__file__).resolve().parent / "models"

AT_MOST_BYTES = 45_000_000
"""Of one model, all its files together."""

CARD = "README.md"


class NotBundledError(ModelError):
    """A model that this installation does not have, or not as it should be."""


def folder(role: str, *, models: Path = MODELS) -> Path:
    """The folder of a bundled model.

    Args:
        role: one of ROLES.
        models: where they are.

    Raises:
        NotBundledError: when it is not there.
    """
    if role not in ROLES:
        raise NotBundledError(f"There is no {role!r}; there is {', '.join(ROLES)}.")
    if not (models / role).is_dir() or role not in manifest(models):
        raise NotBundledError(
            f"acclimate-offline has no {role} in this installation. Install a release of it "
            "(pip install acclimate-offline), or make its models: make models DATA=…"
        )
    return models / role


def manifest(models: Path = MODELS) -> dict[str, dict[str, dict[str, Any]]]:
    """Model -> file -> {"bytes": …, "sha256": …}; empty where nothing is bundled.

    Raises:
        NotBundledError: when it is not what it should be.
    """
    path = models / MANIFEST
    if not path.is_file():
        return {}
    try:
        told = json.loads(path.read_text("utf-8"))
        return {role: dict(files) for role, files in dict(told["models"]).items()}
    except (ValueError, KeyError, TypeError) as error:
        raise NotBundledError(f"{path} is damaged: {error!r}. Install the package anew.") from error


def faults(role: str, *, models: Path = MODELS) -> list[str]:
    """What is wrong with a model's files; empty: nothing.

    Raises:
        NotBundledError: when the model is not there.
    """
    there, listed = folder(role, models=models), manifest(models)[role]
    found = _files(there)
    wrong = [f"{role}/{name} is missing" for name in listed.keys() - found.keys()]
    wrong += [f"{role}/{name} is not in the list" for name in found.keys() - listed.keys()]
    wrong += [
        f"{role}/{name} has other content than the list says"
        for name in found.keys() & listed.keys()
        if found[name] != listed[name]
    ]
    size = sum(facts["bytes"] for facts in found.values())
    if size > AT_MOST_BYTES:
        wrong.append(f"{role} has {size:,} bytes; {AT_MOST_BYTES:,} are allowed")
    if not (there / CARD).is_file() or "\nlicense: " not in (there / CARD).read_text("utf-8"):
        wrong.append(f"{role} has no card that names its licence")
    return sorted(wrong)


def add(role: str, made: Path, *, models: Path = MODELS) -> Path:
    """Put a model into the package, and its files onto the list.

    Args:
        role: one of ROLES.
        made: its folder.
        models: where bundled models are.

    Raises:
        NotBundledError: when it is too big.
    """
    size = sum(facts["bytes"] for facts in _files(made).values())
    if size > AT_MOST_BYTES:
        raise NotBundledError(
            f"{role} has {size:,} bytes; {AT_MOST_BYTES:,} are allowed. Give it fewer pieces of "
            "words or layers."
        )
    models.mkdir(parents=True, exist_ok=True)
    part = models / f"{role}.part"
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(made, part)
    shutil.rmtree(models / role, ignore_errors=True)
    part.replace(models / role)
    listed = manifest(models) | {role: _files(models / role)}
    text = json.dumps({"models": dict(sorted(listed.items()))}, indent=1, sort_keys=True)
    listing = models / f"{MANIFEST}.{os.getpid()}.part"
    listing.write_text(text + "\n", "utf-8")
    listing.replace(models / MANIFEST)
    return models / role


def _files(there: Path) -> dict[str, dict[str, Any]]:
    paths = sorted(path for path in there.rglob("*") if path.is_file())
    return {path.relative_to(there).as_posix(): _facts(path) for path in paths}


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
