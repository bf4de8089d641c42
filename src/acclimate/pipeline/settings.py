"""Settings: how a run is carried out, apart from what it works on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias, TypedDict

from acclimate.errors import RecipeError, near_miss
from acclimate.models.remote.allowance import Allowance
from acclimate.parts.part import Track, silent

Tell: TypeAlias = Callable[[str, Mapping[str, Any]], None]
"""Told what happened as it happens: "intake", "plan", "step", "verdict", and JSON values."""


def unheard(what: str, facts: Mapping[str, Any]) -> None:
    """Nobody listens."""
    del what, facts


class Options(TypedDict, total=False):
    """Keyword arguments of `adapt` that say how, not what; see `Settings`."""

    seed: int
    minutes: float | None
    max_ram: float | str | None
    ledger: str | Path | None
    max_cost: float | None
    max_calls: int | None
    split: bool
    own_judge: bool
    track: Track
    tell: Tell


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a run is carried out.

    Args:
        seed: every random choice comes from it.
        minutes: time a run may take, from start to report; sizes a recipe that is given by name
            or function. None: the recipe's own sizes.
        max_ram: memory for vectors and indexes, in GiB or as "800MB"; None: half of what is free.
        ledger: folder of teacher scores shared between runs; None: inside the run folder.
        max_cost: money that models behind an endpoint may cost, in the unit of their prices.
        max_calls: requests that they may be sent. A run that reaches a bound stops and keeps all.
        split: whether documents longer than the student reads become pieces; otherwise only their
            beginning is read.
        own_judge: whether the gate's judge may be the language model that wrote the queries.
        track: shows progress.
        tell: hears what happens.
    """

    seed: int = 0
    minutes: float | None = None
    max_ram: float | None = None
    ledger: Path | None = None
    max_cost: float | None = None
    max_calls: int | None = None
    split: bool = True
    own_judge: bool = False
    track: Track = silent
    tell: Tell = unheard

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Settings:
        """Settings from keyword arguments.

        Raises:
            RecipeError: when one is unknown or out of range.
        """
        known = [f.name for f in fields(cls)]
        for name in options:
            if name not in known:
                raise RecipeError(f"adapt has no setting {name!r}.{near_miss(name, known)}")
        given = {k: v for k, v in options.items() if v is not None}
        if "minutes" in given and not given["minutes"] > 0:
            raise RecipeError(f"minutes={given['minutes']!r} must be above 0.")
        if "max_ram" in given:
            given["max_ram"] = gibibytes(given["max_ram"])
        Allowance(max_calls=given.get("max_calls"), max_cost=given.get("max_cost"))
        if "ledger" in given:
            given["ledger"] = Path(given["ledger"])
        return cls(**given)

    @property
    def allowance(self) -> Allowance:
        """What models behind an endpoint may be asked."""
        return Allowance(max_calls=self.max_calls, max_cost=self.max_cost)

    @property
    def max_ram_bytes(self) -> int | None:
        """Memory for vectors and indexes, in bytes."""
        return None if self.max_ram is None else int(self.max_ram * 2**30)


def gibibytes(given: float | str) -> float:
    """A size in GiB from a number (GiB) or a text such as "2GB" or "800 MiB".

    Raises:
        RecipeError: when it is neither, or not above 0.
    """
    found = re.fullmatch(r"\s*([\d.]+)\s*([gm]?)(i?b)?\s*", str(given).lower())
    try:
        size = float(found[1]) if found else 0.0
    except ValueError:
        size = 0.0
    if size <= 0 or found is None:
        raise RecipeError(f"max_ram={given!r} must be a size above 0, such as 2GB or 800MB.")
    return size / 1024 if found[2] == "m" else size
