"""Usage: what an engine has done so far, for the report."""

from __future__ import annotations

COUNTED = ("calls", "asked", "computed", "tokens", "seconds", "requests", "money")
"""calls of the verb · items asked for · items computed (the others were there already) · tokens
of the computed ones · wall time, that of verbs called inside included · requests to models behind
an endpoint, and what they cost."""


class Usage:
    """Counters per verb."""

    def __init__(self) -> None:
        self._verbs: dict[str, dict[str, float]] = {}

    def of(self, verb: str) -> dict[str, float]:
        """The counters of a verb, to be added to."""
        return self._verbs.setdefault(verb, dict.fromkeys(COUNTED, 0))

    def as_dict(self) -> dict[str, dict[str, float]]:
        """A copy of all counters."""
        return {verb: dict(counted) for verb, counted in self._verbs.items()}
