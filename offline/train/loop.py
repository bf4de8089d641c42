"""Loop: updates with checkpoints. A run that was killed goes on to the same weights, bit for bit.

Everything random in an update follows from the seed and the number of the update, so a checkpoint
holds weights, the optimizer's tensors and a few numbers, and no state of any generator. It is one
safetensors file that is replaced at once: tensors and numbers always belong together.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

CHECKPOINT = "checkpoint.safetensors"
CURVE = "curve.json"
PRIME = 1_000_003

Say = Callable[[str], None]


class RunError(Exception):
    """A run cannot go on from what is in its folder."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a model is trained.

    Args:
        steps: updates in all. A run that was stopped may go on with more or fewer.
        warmup: updates until the learning rates are at their highest; then they fall to 0 in a
            straight line.
        save_every: updates between two checkpoints.
        check_every: updates between two looks at the held-out part, and one at the end.
        clip: largest norm of the gradients.
        seed: of everything random.
    """

    steps: int
    warmup: int = 200
    save_every: int = 100
    check_every: int = 500
    clip: float = 1.0
    seed: int = 0

    def share(self, step: int) -> float:
        """Of the highest learning rate at this update, counted from 0."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return (self.steps - step) / max(1, self.steps - self.warmup)


class Task(Protocol):
    """What is trained."""

    @property
    def model(self) -> nn.Module:
        """All of its parameters are kept in checkpoints."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """Whatever must not change between two parts of a run."""
        ...

    def groups(self) -> list[dict[str, Any]]:
        """Parameters that learn, by learning rate: {"params": [...], "lr": …}."""
        ...

    def epoch(self, number: int) -> Sequence[Any]:
        """The batches of one pass through the data."""
        ...

    def loss(self, batch: Any, step: int) -> Tensor:
        """What an update makes smaller; a scalar."""
        ...

    def count(self, batch: Any) -> int:
        """How many examples a batch holds."""
        ...

    def check(self) -> dict[str, float]:
        """How well it does on what it does not learn from."""
        ...


@dataclass(kw_only=True)
class Progress:
    """How far a run is, and how it went.

    Args:
        step: updates done.
        seconds: spent in updates, in all parts of the run.
        pairs: examples seen.
        precision: of the products of matrices.
        points: the curve.
    """

    step: int = 0
    seconds: float = 0.0
    pairs: int = 0
    precision: str = "float32"
    points: list[dict[str, float]] = field(default_factory=list)


def train(
    task: Task,
    plan: Plan,
    folder: Path,
    *,
    minutes: float | None = None,
    precision: str = "float32",
    say: Say | None = None,
) -> Progress:
    """Update the task's model until the plan is done or the time is up.

    Args:
        task: what is trained, where it is to work.
        plan: how.
        folder: keeps the checkpoint and the curve; what is there is gone on with.
        minutes: of this call; None: until the end.
        precision: "float32" or "bfloat16" (autocast); a run goes on in what it began with.
        say: gets a line at each checkpoint; None: it is printed.

    Raises:
        RunError: when the folder holds a run with other settings.
    """
    say = say or partial(print, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    optimizer = torch.optim.AdamW(task.groups(), weight_decay=0.01)
    highest = [group["lr"] for group in optimizer.param_groups]
    fingerprint = _fingerprint(task, plan)
    progress = _resumed(task.model, optimizer, folder, fingerprint) or Progress(precision=precision)
    began, first = time.monotonic(), progress.step
    losses: list[Tensor] = []
    stream = _stream(task, progress.step)
    late = _late(began, minutes)
    while progress.step < plan.steps and not late:
        started = time.perf_counter()
        batch = next(stream)
        for group, rate in zip(optimizer.param_groups, highest, strict=True):
            group["lr"] = rate * plan.share(progress.step)
        losses.append(_update(task, optimizer, batch, plan, progress))
        progress.step += 1
        progress.pairs += task.count(batch)
        progress.seconds += time.perf_counter() - started
        late = _late(began, minutes)
        if progress.step % plan.save_every == 0 or progress.step == plan.steps or late:
            _note(task, plan, progress, losses, ended=progress.step == plan.steps)
            losses = []
            _save(task.model, optimizer, progress, plan, folder, fingerprint)
            say(_line(progress, plan))
    if progress.step == first:
        say(_line(progress, plan))
    return progress


def _update(
    task: Task, optimizer: torch.optim.Optimizer, batch: Any, plan: Plan, progress: Progress
) -> Tensor:
    torch.manual_seed(plan.seed * PRIME + progress.step)
    device = next(task.model.parameters()).device.type
    task.model.train()
    half = progress.precision == "bfloat16"
    with torch.autocast(device, dtype=torch.bfloat16, enabled=half):
        loss = task.loss(batch, progress.step)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    learning = [p for group in optimizer.param_groups for p in group["params"]]
    nn.utils.clip_grad_norm_(learning, plan.clip)
    optimizer.step()
    return loss.detach()


def _stream(task: Task, step: int) -> Iterator[Any]:
    """Batches from this update on, epoch after epoch."""
    number, passed = 0, 0
    while True:
        batches = task.epoch(number)
        if not batches:
            raise RunError("There is not one batch to learn from.")
        yield from batches[max(0, step - passed) :]
        passed += len(batches)
        number += 1


def _late(began: float, minutes: float | None) -> bool:
    return minutes is not None and time.monotonic() - began >= 60 * minutes


def _note(task: Task, plan: Plan, progress: Progress, losses: list[Tensor], *, ended: bool) -> None:
    """Add a point to the curve."""
    point = {
        "step": float(progress.step),
        "loss": round(float(torch.stack(losses).mean()), 4),
        "pairs": float(progress.pairs),
        "minutes": round(progress.seconds / 60, 3),
        "pairs_per_second": round(progress.pairs / max(progress.seconds, 1e-9), 2),
    }
    if progress.step % plan.check_every == 0 or ended:
        task.model.eval()
        with torch.inference_mode():
            point |= {name: round(value, 4) for name, value in task.check().items()}
    progress.points.append(point)


def _line(progress: Progress, plan: Plan) -> str:
    last = progress.points[-1] if progress.points else {}
    told = ", ".join(f"{k} {v:g}" for k, v in last.items() if k not in {"step", "pairs"})
    return f"update {progress.step:,} of {plan.steps:,}: {told or 'nothing done'}"


def _fingerprint(task: Task, plan: Plan) -> str:
    """Of what a run cannot change. Its length it can: rates follow the plan that is in force."""
    shapes = {name: list(p.shape) for name, p in task.model.named_parameters()}
    kept = {"warmup": plan.warmup, "clip": plan.clip, "seed": plan.seed}
    told = json.dumps([kept, dict(task.settings), shapes], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def _save(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    progress: Progress,
    plan: Plan,
    folder: Path,
    fingerprint: str,
) -> None:
    tensors = {f"model {name}": p.detach() for name, p in model.named_parameters()}
    for name, p in model.named_parameters():
        for key, value in optimizer.state.get(p, {}).items():
            tensors[f"{key} {name}"] = torch.as_tensor(value)
    whole = {name: t.cpu().contiguous() for name, t in tensors.items()}
    told = json.dumps({**asdict(progress), "fingerprint": fingerprint})
    part = folder / f"{CHECKPOINT}.part"
    save_file(whole, part, metadata={"progress": told})
    part.replace(folder / CHECKPOINT)
    _write(folder / CURVE, {"step": progress.step, "steps": plan.steps, "points": progress.points})


def _resumed(
    model: nn.Module, optimizer: torch.optim.Optimizer, folder: Path, fingerprint: str
) -> Progress | None:
    path = folder / CHECKPOINT
    if not path.is_file():
        return None
    with safe_open(path, framework="pt") as saved:
        told = json.loads(saved.metadata()["progress"])
        if told.pop("fingerprint") != fingerprint:
            raise RunError(
                f"{folder} holds a run with other settings, data or model, at update "
                f"{told['step']:,}. Give the settings it began with, or another folder."
            )
        names = set(saved.keys())
        with torch.no_grad():
            for name, p in model.named_parameters():
                p.copy_(saved.get_tensor(f"model {name}"))
                kept = {
                    key: saved.get_tensor(f"{key} {name}")
                    for key in ("step", "exp_avg", "exp_avg_sq")
                    if f"{key} {name}" in names
                }
                if kept:
                    optimizer.state[p] = {
                        k: t if k == "step" else t.to(p.device) for k, t in kept.items()
                    }
    return Progress(**told)


def _write(path: Path, value: Any) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
    part.replace(path)
