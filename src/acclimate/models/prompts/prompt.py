"""Prompt: a file with what is asked, and the shape an answer must have."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from acclimate.errors import RecipeError, near_miss
from acclimate.models.prompts.fencing import STANDING, fence

FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_FILE = frozenset({"name", "version", "system", "user", "schema", "rated", "temperature", "stop"})


@dataclass(frozen=True, kw_only=True)
class Form:
    """What stays the same in all questions of a prompt: who is asked to do what, and the answer.

    Args:
        name: of the prompt.
        version: of the prompt's wording.
        system: the standing instruction.
        schema: JSON schema of an answer, as text; None: a plain text.
        rated: the property of the answer whose probabilities are wanted where a server has them.
        temperature: of drawing, where the model's ref does not say.
        stop: texts at which a plain answer ends.
    """

    name: str = "plain"
    version: int = 1
    system: str = ""
    schema: str | None = None
    rated: str | None = None
    temperature: float = 0.7
    stop: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """Hash of every setting."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def properties(self) -> Mapping[str, Any]:
        """The JSON schema of an answer; empty for a plain text."""
        loaded: Mapping[str, Any] = json.loads(self.schema) if self.schema else {}
        return loaded


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A form and the question put to each record.

    Args:
        form: the standing part.
        user: the question; `{{name}}` is replaced.
    """

    form: Form
    user: str

    @property
    def hash(self) -> str:
        """Hash of the whole wording."""
        return hashlib.sha256(f"{self.form.fingerprint()}\0{self.user}".encode()).hexdigest()

    def render(self, *, data: Mapping[str, str], words: Mapping[str, str] | None = None) -> str:
        """The question about one record.

        Args:
            data: material, such as a document: it is fenced.
            words: pieces of the question itself.

        Raises:
            RecipeError: when a slot of the prompt is not given, or has no place.
        """
        given = {**{k: fence(k.split("_", 1)[0], v) for k, v in data.items()}, **(words or {})}
        slots = set(_SLOT.findall(self.user))
        if slots != set(given):
            raise RecipeError(
                f"The prompt {self.form.name} asks for {', '.join(sorted(slots))}; it was given "
                f"{', '.join(sorted(given)) or 'nothing'}."
            )
        return _SLOT.sub(lambda found: given[found[1]], self.user)


@cache
def load(name: str) -> Prompt:
    """A prompt of this package by name, or from a file of one's own (a path that ends in .toml).

    Raises:
        RecipeError: when there is none, or its file lacks something.
    """
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        known = [p.stem for p in FOLDER.glob("*.toml")]
        raise RecipeError(f"There is no prompt {name!r}.{near_miss(name, known)}")
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        if unknown := told.keys() - _FILE:
            raise RecipeError(f"{path}: {min(unknown)!r}?{near_miss(min(unknown), _FILE)}")
        schema = json.dumps(json.loads(told["schema"])) if "schema" in told else None
        form = Form(
            name=told["name"],
            version=told["version"],
            system=f"{told['system'].strip()}\n\n{STANDING}",
            schema=schema,
            rated=told.get("rated"),
            temperature=float(told.get("temperature", 0.7 if schema is None else 0.0)),
            stop=tuple(told.get("stop", ())),
        )
        return Prompt(form=form, user=told["user"].strip())
    except (KeyError, ValueError) as error:
        raise RecipeError(f"{path} is not a prompt: {error}.") from error
