"""Export: a trained model as a folder that everybody opens, in float16, with its card."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acclimate.models.loading import loading
from train.data import Pairs
from train.loop import Plan, Progress
from train.sources import SOURCES

CARD = """---
language: en
license: cc-by-sa-4.0
library_name: {library}
base_model: sentence-transformers/all-MiniLM-L6-v2
tags: [acclimate, {role}]
---

# acclimate-offline: {role}

{what}

Made by `make models` of acclimate from all-MiniLM-L6-v2 (Apache-2.0) and the human questions and
passages below. {state}

## Data

| data set | by | licence | questions |
|---|---|---|---|
{used}

Some of these ask that what is made from them be shared alike, so these weights are passed on under
CC BY-SA 4.0. No judgement of any test collection was used, and no question that is a query of an
evaluation collection at hand.

Left out:

{left_out}

## Limits

English only, in lower case. The questions are about encyclopedia articles and fairy tales; on other
texts the model does what it can. It repeats what is false in its data.
"""

Save = Callable[[Path], Any]
"""Writes weights, configuration and tokenizer into a folder."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a model is.

    Args:
        role: "writer", "teacher" or "reader".
        library: that opens it.
        what: what it does, and how it is opened.
    """

    role: str
    library: str
    what: str


def card(kind: Kind, pairs: Pairs, progress: Progress, plan: Plan) -> str:
    """The model card.

    Args:
        kind: what it is.
        pairs: the data it learned from.
        progress: how far it came.
        plan: how far it was to come.
    """
    rows: dict[str, int] = {}
    for name, count in pairs.counts.items():
        source = SOURCES[name]
        row = f"| [{source.name}]({source.place}) | {source.owner} | {source.licence} |"
        rows[row] = rows.get(row, 0) + count
    gone = dict.fromkeys(f"- {s.name}: {s.left_out}." for s in SOURCES.values() if s.left_out)
    last = progress.points[-1] if progress.points else {}
    told = [f"{progress.step:,} of {plan.steps:,} updates", f"{progress.pairs:,} examples"]
    told += [f"{name.replace('_', ' ')} {last[name]:g}" for name in last if "held_out" in name]
    return CARD.format(
        role=kind.role,
        library=kind.library,
        what=kind.what,
        state=", ".join(told) + ".",
        used="\n".join(f"{row} {count:,} |" for row, count in rows.items()),
        left_out="\n".join(gone),
    )


def half(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write a model of transformers in float16, and its tokenizer."""
    with loading(str(folder), "a model"):
        copy.deepcopy(model).cpu().half().eval().save_pretrained(str(folder))
        tokenizer.save_pretrained(str(folder))


def export(save: Save, folder: Path, told: str) -> None:
    """Write a model's folder: whole or not at all.

    Args:
        save: writes what is to be in it.
        folder: where the model is to be; another one there goes.
        told: its card.
    """
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    save(part)
    (part / "README.md").write_text(told, "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
