"""Fingerprint: what a result depends on, as one hash. Never a name, never a file's existence."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from acclimate.tables import Table

VERSION = 6
"""Raise it when the same part with the same inputs gives something else than before."""


def key_of(part: object, inputs: Mapping[str, Any], seed: int) -> str:
    """SHA-256 of a part, its inputs, the seed and the version of this program's results."""
    things = {
        "version": VERSION,
        "part": describe(part),
        "inputs": {name: describe(value) for name, value in sorted(inputs.items())},
        "seed": seed,
    }
    return hashlib.sha256(json.dumps(things, sort_keys=True).encode()).hexdigest()


def describe(value: Any) -> Any:
    """A JSON value that is equal exactly when `value` is: weights by hash, settings by value."""
    if isinstance(value, Table):
        return value.digest
    if hasattr(value, "fingerprint") and not isinstance(value, type):
        return value.fingerprint()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: describe(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"class": f"{type(value).__module__}.{type(value).__qualname__}", **fields}
    if isinstance(value, (list, tuple)):
        return [describe(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): describe(v) for k, v in value.items()}
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)
