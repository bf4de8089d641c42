"""Options: what all training programs can be told."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from train.loop import Plan

BASE = "all-MiniLM-L6-v2"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a model is trained, and from what.

    Args:
        data: folder of the training pairs.
        out: keeps the checkpoint, the curve and the finished model.
        base: hub name or folder of the encoder that models start from.
        device: "cpu" or "cuda".
        precision: of the products of matrices.
        minutes: of this call; None: until the end.
    """

    data: Path
    out: Path
    base: str
    device: str
    precision: str
    minutes: float | None

    @property
    def model(self) -> Path:
        """Where the model is written when the time is up or the plan is done."""
        return self.out / "model"


def parser(description: str | None, *, out: str, plan: Plan) -> argparse.ArgumentParser:
    """Options of every program; the plan's numbers are their defaults."""
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = made.add_argument
    add("--data", type=Path, required=True, help="folder of the train-* folders")
    add("--out", type=Path, default=Path("offline/build") / out, help="gone on with if it is there")
    add("--base", default=BASE, help="encoder to start from: hub name or folder")
    add("--minutes", type=float, default=None, help="stop after so many; call again to go on")
    add("--threads", type=int, default=_cores(), help="of this process")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add("--steps", type=int, default=plan.steps, help=f"updates in all; {plan.steps}")
    add("--warmup", type=int, default=plan.warmup)
    add("--save-every", type=int, default=plan.save_every)
    add("--check-every", type=int, default=plan.check_every)
    add("--seed", type=int, default=plan.seed)
    return made


def place(options: argparse.Namespace) -> Place:
    """Where to train, with the threads set."""
    import torch

    from acclimate.engines.precision import chosen

    torch.set_num_threads(options.threads)
    found = "cuda" if torch.cuda.is_available() else "cpu"
    device = found if options.device == "auto" else options.device
    return Place(
        data=options.data,
        out=options.out,
        base=options.base,
        device=device,
        precision=chosen(device),
        minutes=options.minutes,
    )


def plan(options: argparse.Namespace) -> Plan:
    """How to train."""
    return Plan(
        steps=options.steps,
        warmup=min(options.warmup, options.steps),
        save_every=options.save_every,
        check_every=options.check_every,
        seed=options.seed,
    )


def _cores() -> int:
    counted = getattr(os, "sched_getaffinity", None)
    return len(counted(0)) if counted else os.cpu_count() or 1
