"""Warm: what components share: an engine that `warm_up` opens and `close` lets go."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from haystack.utils import ComponentDevice, Secret

from acclimate.engines.local import Local
from acclimate.models.weights import find
from acclimate.parts.part import Context
from haystack_integrations.components.training.acclimate._settings import Saved

HUB = Secret.from_env_var(["HF_API_TOKEN", "HF_TOKEN"], strict=False)
"""Where Haystack's components look for a token of the model hub."""


class Warm(Saved):
    """A component that computes.

    `warm_up` finds the model files, downloading what is on the hub, so that a model that cannot
    be had is refused before anything is computed; the engine opens weights when they are first
    needed and keeps them. A second call does nothing. `close` lets all of it go; the next `run`
    warms up again. Components with the same `cache_dir` find each other's vectors, texts and
    teacher scores there, by content, also in a later process; without one they go with `close`.
    """

    device: ComponentDevice | None = None
    token: Secret | None = None
    seed: int = 0
    cache_dir: str | None = None
    _engine: Local | None = None

    def _uses(self) -> Iterable[Any]:
        """Parts, models and inner components to make ready."""
        return ()

    def warm_up(self) -> None:
        """Find the models and make the engine; once."""
        if self._engine is not None:
            return
        token = self.token.resolve_value() if self.token is not None else None
        for used in self._uses():
            if hasattr(used, "warm_up"):
                used.warm_up()
            for ref in _models(used):
                find(ref.model, revision=getattr(ref, "revision", None), token=token)
        device = "auto" if self.device is None else self.device.to_torch_str()
        self._engine = Local(device=device, folder=self.cache_dir)

    def close(self) -> None:
        """Let go of the models, of inner components, and of what no `cache_dir` keeps."""
        if self._engine is None:
            return
        self._engine.close()
        self._engine = None
        for used in self._uses():
            if hasattr(used, "close"):
                used.close()

    def _context(self, folder: Path | None = None) -> Context:
        """A context of this component's own, warm."""
        self.warm_up()
        assert self._engine is not None  # noqa: S101 - warm_up made it
        return Context(seed=self.seed, engine=self._engine, folder=folder)


def _models(value: Any) -> Iterator[Any]:
    """The models inside a part, however deep."""
    if isinstance(value, tuple):
        for each in value:
            yield from _models(each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        if hasattr(value, "open") and isinstance(getattr(value, "model", None), str):
            yield value
        for field in dataclasses.fields(value):
            yield from _models(getattr(value, field.name))
