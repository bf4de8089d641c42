"""Outcome: what a run came to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acclimate.models.family import named
from acclimate.models.student import Model, Student


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run came to: the model to use, and why.

    Args:
        adapted: whether the model differs from the one it started from.
        student: the chosen model and the one it started from.
        model: the folder of the model to use: an ordinary sentence-transformers folder.
        run: the run folder.
        facts: everything the report shows, as JSON values.
    """

    adapted: bool
    student: Student
    model: Path
    run: Path
    facts: dict[str, Any]

    @property
    def encoder(self) -> Model:
        """The model to use, as a value; its code may run where the student's may."""
        found: Any = named(str(self.model))
        model: Model = replace(found, trust_remote_code=self.student.encoder.trust_remote_code)
        return model

    @property
    def report(self) -> Path:
        """The report, a self-contained HTML file; report.json beside it says the same."""
        return self.run / "report.html"

    @property
    def verdict(self) -> dict[str, Any]:
        """What the gate decided and on what evidence."""
        found: dict[str, Any] = self.facts["verdict"]
        return found

    def __str__(self) -> str:
        """The verdict in one sentence."""
        return str(self.verdict["sentence"])
