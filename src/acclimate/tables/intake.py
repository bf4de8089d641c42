"""Intake: what reading a source kept, skipped and repaired, counted by reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

EXAMPLES = 3
METADATA_KEY = b"acclimate.intake"


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What came in.

    Args:
        read: rows (or files that are one document each) that were looked at.
        kept: rows that are in the table.
        reasons: how many rows were skipped or repaired, by reason; the reason says which.
        examples: the first few places of each reason, such as "docs.jsonl, line 3".
    """

    read: int = 0
    kept: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"read {self.read:,}, kept {self.kept:,}"]
        width = max((len(f"{n:,}") for n in self.reasons.values()), default=0)
        for reason, count in sorted(self.reasons.items(), key=lambda item: (-item[1], item[0])):
            places = "; ".join(self.examples.get(reason, ()))
            more = "; …" if count > EXAMPLES else ""
            lines.append(f"  {count:>{width},}  {reason} ({places}{more})")
        return "\n".join(lines)

    def changed(self, *, kept: int, reason: str, count: int, examples: tuple[str, ...]) -> Intake:
        """What came in, and what was done to it since."""
        return Intake(
            read=self.read,
            kept=kept,
            reasons={**self.reasons, reason: count},
            examples={**self.examples, reason: examples[:EXAMPLES]},
        )

    def to_bytes(self) -> bytes:
        """JSON, for the metadata of an Arrow schema."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "replace")

    @classmethod
    def from_bytes(cls, data: bytes) -> Intake:
        """What `to_bytes` wrote."""
        saved = json.loads(data)
        saved["examples"] = {k: tuple(v) for k, v in saved["examples"].items()}
        return cls(**saved)


class Tally:
    """Counts while reading; `intake` freezes it."""

    def __init__(self) -> None:
        self.read = 0
        self.kept = 0
        self._reasons: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def count(self, reason: str, place: str) -> None:
        """One row was skipped or repaired for this reason, at this place."""
        self._reasons[reason] = self._reasons.get(reason, 0) + 1
        places = self._examples.setdefault(reason, [])
        if len(places) < EXAMPLES:
            places.append(place)

    def nothing(self, what: str, source: str, needs: str) -> str:
        """That no row came in, why each was skipped, and what would have been one.

        Args:
            what: one row, such as "document".
            source: what was read.
            needs: what a row is made of, such as "a line with a field 'text'".
        """
        told = self.intake()
        why = (
            "Each was skipped for the reason above."
            if told.read
            else "It is empty: was it written to the end, and is it the file you meant?"
        )
        return f"No {what} came in from {source}: {told}\n{why} A {what} is {needs}."

    def intake(self) -> Intake:
        """The counts so far."""
        return Intake(
            read=self.read,
            kept=self.kept,
            reasons=dict(self._reasons),
            examples={k: tuple(v) for k, v in self._examples.items()},
        )
