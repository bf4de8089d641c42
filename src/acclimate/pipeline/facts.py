"""Facts: everything the report shows, as JSON values; report.json is this and nothing else."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acclimate.models.remote.answers import Total
from acclimate.models.student import Student
from acclimate.parts.shelf import Shelf
from acclimate.pipeline.checks import own_judge
from acclimate.pipeline.diagnosis import kinds_told, labels_told, miners_told
from acclimate.pipeline.explain import brief
from acclimate.pipeline.inputs import Inputs
from acclimate.pipeline.licences import licence_of, teachers_of
from acclimate.pipeline.store import Step, peak_bytes
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Intake, Labels, Queries

FORMAT = 1
"""Raise it when a field changes its meaning."""


def gather(
    recipe: Recipe, given: Inputs, shelf: Shelf, steps: Sequence[Step], *, seed: int
) -> dict[str, Any]:
    """What a run did, apart from its verdict and its outcome."""
    corpus = shelf[Corpus]
    told: dict[str, Any] = {
        "format": FORMAT,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "recipe": {
            "name": recipe.name,
            "steps": [repr(part) for part in recipe.steps],
            "brief": [brief(part) for part in recipe.steps],
            "judge": repr(recipe.judge) if recipe.judge else None,
            "own_judge": own_judge(recipe) or None,
            "rules": rules_told(recipe),
        },
        "seed": seed,
        "corpus": {
            "documents": len(given.corpus),
            "pieces": len(corpus),
            "digest": given.corpus.digest,
            "intake": intake_told(given.corpus.intake),
        },
        "log": None
        if given.log is None
        else {"queries": len(given.log), "intake": intake_told(given.log.intake)},
        "student": student_told(shelf[Student]),
        "teachers": teachers_of(recipe),
        "steps": [asdict(step) for step in steps],
        "funnel": funnel(steps),
        "cost": cost(steps),
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "versions": versions(),
        },
        "kinds": kinds_told(shelf[Queries]) if Queries in shelf else [],
        "labels": None,
        "curve": curve(steps),
        "scale": scale(steps),
        "miners": [],
    }
    if Labels in shelf and Queries in shelf:
        told["labels"] = labels_told(corpus, shelf[Queries], shelf[Labels])
    if Candidates in shelf:
        labels = shelf[Labels] if Labels in shelf else Labels.empty()
        told["miners"] = miners_told(shelf[Candidates], labels)
    return told


def intake_told(intake: Intake) -> dict[str, Any]:
    """What came in: read, kept, and why the rest did not."""
    return {
        "read": intake.read,
        "kept": intake.kept,
        "reasons": dict(intake.reasons),
        "examples": {k: list(v) for k, v in intake.examples.items()},
    }


def rules_told(recipe: Recipe) -> list[dict[str, Any]]:
    """The rules by which parts were picked, whether each fired, and what it looked at."""
    return [asdict(rule) | {"found": dict(rule.found)} for rule in recipe.rules]


def student_told(student: Student) -> dict[str, Any]:
    """Which model it was, and how it learnt."""
    return {
        "base": student.start.model,
        "name": Path(student.start.model).name,
        "licence": licence_of(student.start.model),
        "fingerprint": student.start.fingerprint(),
        "shape": repr(student.shape) if student.shape is not None else None,
    }


def funnel(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Rows before and after each step of tables, and why they went."""
    rows = []
    for step in steps:
        if step.rows_out is None:
            continue
        before = step.rows_in.get(step.gave)
        rows.append(
            {
                "step": step.name,
                "table": step.gave,
                "depth": step.depth,
                "before": before,
                "after": step.rows_out,
                "reasons": _counts(step.notes.get("dropped")),
            }
        )
    return rows


def cost(steps: Iterable[Step]) -> dict[str, Any]:
    """Time, memory, tokens and calls: per step, and of all outer steps together."""
    told: list[dict[str, Any]] = []
    for step in steps:
        told.append(
            {
                "step": step.name,
                "depth": step.depth,
                "seconds": step.seconds,
                "cpu_seconds": step.cpu_seconds,
                "peak_bytes": step.peak_bytes,
                "reused": step.reused,
                "tokens": int(sum(u.get("tokens", 0) for u in step.usage.values())),
                "calls": int(sum(u.get("computed", 0) for u in step.usage.values())),
                "requests": int(sum(u.get("requests", 0) for u in step.usage.values())),
                "money": sum(u.get("money", 0.0) for u in step.usage.values()),
                "verbs": step.usage,
            }
        )
    outer = [t for t in told if t["depth"] == 0]
    return {
        "steps": told,
        "seconds": sum(t["seconds"] for t in outer),
        "cpu_seconds": sum(t["cpu_seconds"] for t in outer),
        "tokens": sum(t["tokens"] for t in outer),
        "calls": sum(t["calls"] for t in outer),
        "peak_bytes": max([peak_bytes(), *(t["peak_bytes"] for t in told)]),
    }


def endpoints(total: Total) -> dict[str, Any] | None:
    """What models behind endpoints were asked and cost in a run's folder; None: nothing.

    Runs that were stopped and dry runs in the same folder are in it: what they paid is used.
    """
    if not total.calls:
        return None
    return {
        "requests": total.calls,
        "answers": total.answered,
        "tokens_in": total.tokens_in,
        "tokens_out": total.tokens_out,
        "money": total.cost,
        "without an answer": dict(total.reasons),
    }


def versions() -> dict[str, str]:
    """Versions of the libraries a result depends on."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in (
        "acclimate",
        "torch",
        "transformers",
        "sentence-transformers",
        "bm25s",
        "pyarrow",
        "numpy",
    ):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def curve(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Training loss by update, one line for each fitting."""
    return [
        {
            "step": step.name,
            "depth": step.depth,
            "updates": step.notes["curve"]["step"],
            "loss": step.notes["curve"]["loss"],
        }
        for step in steps
        if step.notes.get("curve")
    ]


def scale(steps: Iterable[Step]) -> dict[str, Any] | None:
    """What was found of the two scales of scores before the last fitting."""
    found = [step.notes["scale"] for step in steps if "scale" in step.notes]
    return dict(found[-1]) if found else None


def _counts(reasons: Any) -> dict[str, int]:
    if not isinstance(reasons, dict):
        return {}
    return {str(k): int(v) for k, v in reasons.items() if isinstance(v, (int, float)) and v}
