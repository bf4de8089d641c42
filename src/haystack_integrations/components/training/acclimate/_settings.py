"""Settings: what a component was made with, as values that Haystack can save, and back.

Haystack restores components, secrets and devices by itself; parts and models of acclimate are
saved in acclimate's own form, `{"class": "acclimate.…", …}`, which loads its own classes only.
"""

from __future__ import annotations

import copy
import dataclasses
import inspect
from typing import Any, Self

from haystack import default_from_dict, default_to_dict
from haystack.core.serialization import component_to_dict

from acclimate.pipeline.saved import from_json, to_json


class Saved:
    """A component whose settings are attributes of the same names."""

    def to_dict(self) -> dict[str, Any]:
        """The settings as Haystack saves them."""
        names = [n for n in inspect.signature(type(self).__init__).parameters if n != "self"]
        return default_to_dict(self, **{n: _saved(getattr(self, n), n) for n in names})

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The component that `to_dict` saved; `data` stays as it is.

        Raises:
            StoreError: when a saved part is of a class that is not acclimate's.
        """
        # Some of Haystack's own components change what they are loaded from.
        given = copy.deepcopy(data.get("init_parameters", {}))
        settings = {n: _restored(v) for n, v in given.items()}
        return default_from_dict(cls, {**data, "init_parameters": settings})


def _saved(value: Any, name: str) -> Any:
    if hasattr(value, "run"):
        return component_to_dict(value, name)
    if dataclasses.is_dataclass(value) and not hasattr(value, "to_dict"):
        return to_json(value)
    return value


def _restored(value: Any) -> Any:
    return from_json(value) if isinstance(value, dict) and "class" in value else value
