"""Parts, refs and recipes as JSON and back: dotted class paths, allowed from known folders only."""

from __future__ import annotations

import dataclasses
import importlib
from typing import Any

from acclimate.errors import StoreError

ALLOWED = ("acclimate.parts.", "acclimate.models.", "acclimate.recipes.")


def to_json(value: Any) -> Any:
    """A frozen dataclass as `{"class": …, settings}`, tuples as lists, all the way down."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        settings = {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"class": f"{type(value).__module__}.{type(value).__qualname__}", **settings}
    if isinstance(value, (list, tuple)):
        return [to_json(v) for v in value]
    if isinstance(value, type):
        return {"type": f"{value.__module__}.{value.__qualname__}"}
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    raise StoreError(f"{value!r} cannot be saved: only dataclasses, tuples and plain values can.")


def from_json(value: Any) -> Any:
    """What `to_json` saved.

    Raises:
        StoreError: when a class does not come from this package's parts, models or recipes.
    """
    if isinstance(value, list):
        return tuple(from_json(v) for v in value)
    if isinstance(value, dict) and "class" in value:
        settings = {k: from_json(v) for k, v in value.items() if k != "class"}
        return _find(value["class"])(**settings)
    if isinstance(value, dict) and "type" in value:
        return _find(value["type"])
    return value


def _find(path: str) -> Any:
    module, _, name = path.rpartition(".")
    if not path.startswith((*ALLOWED, "acclimate.tables.")):
        raise StoreError(
            f"{path} is not loaded from a saved file: only classes of {', '.join(ALLOWED)} are."
        )
    found = getattr(importlib.import_module(module), name)
    if not isinstance(found, type) or found.__module__ != module:
        # A module also holds what it imports; only its own classes were ever saved.
        raise StoreError(f"{path} is not a class that was saved here, and is not called.")
    return found
