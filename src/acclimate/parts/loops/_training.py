"""Training: sentence-transformers' trainer over the pieces of a learner, with checkpoints.

Nothing is printed and nobody is told: no model card, no report to a service.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from safetensors.torch import load_model, save_model
from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from torch.utils.data import DataLoader
from transformers import PrinterCallback, TrainerCallback

from acclimate.errors import ModelError
from acclimate.models.ref import Integers
from acclimate.parts.loops._checkpoints import Checkpoints
from acclimate.parts.loops._processes import Processes, joined

TENSORS = "learner.safetensors"
"""What a checkpoint holds of the model, and of what learns beside it."""

SECOND = r"^second\."
"""Names of the weights of a second learner."""

PAUSE_SECONDS = 60.0
"""Time between checkpoints, where no number of steps is given."""


class Carried(Protocol):
    """What is trained: a module that holds the model, and gives scalars to carry back."""

    @property
    def model(self) -> Any:
        """The model that the training gives."""
        ...

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars of one update, with what each adds to its loss.

        Args:
            places: in the order of what there is to learn from, one for each of the batch.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Course:
    """How long and how fast to train.

    Args:
        steps: optimiser updates.
        batch: queries of each.
        learning_rate: at its highest.
        warmup: updates until it is reached; it then falls to 0 in a line.
        seed: of the trainer.
        device: where to train.
        save_every: updates between checkpoints; None: about a minute.
        beside: learning rate of a second learner beside the model; None: there is none.
    """

    steps: int
    batch: int
    learning_rate: float
    warmup: int
    seed: int
    device: str
    save_every: int | None = None
    beside: float | None = None


class Trainer(SentenceTransformerTrainer):  # type: ignore[misc]
    """The trainer, which carries back a learner's pieces instead of a whole batch.

    Args:
        learner: the student and the loss.
        course: how long and how fast.
        checkpoints: where its state is kept.
        ticks: told of every step, to show progress.
        team: the processes that share each update.
    """

    def __init__(
        self,
        learner: Carried,
        course: Course,
        checkpoints: Checkpoints,
        ticks: Iterator[Any],
        team: Processes,
    ) -> None:
        self.course = course
        self.team = team
        self.checkpoints = checkpoints
        super().__init__(
            model=learner.model,
            args=_arguments(course, checkpoints.folder),
            train_dataset=range(course.steps * course.batch),
            loss=learner,
            data_collator=_places,
            callbacks=[Keeper(course, checkpoints, ticks, team)],
        )
        self.remove_callback(PrinterCallback)
        if not team.alone:  # gradients are added up here: accelerate's wrapper would do nothing
            self.model._is_accelerate_prepared = True

    def preprocess_dataset(self, dataset: Any = None, dataset_name: str | None = None) -> Any:
        """Places in an order: there is nothing to prepare."""
        del dataset_name
        return dataset

    def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
        """No card: whoever serves the model writes it."""

    def get_train_dataloader(self) -> Any:
        """Batches of places, in order; each process is told the whole batch."""
        loader = DataLoader(self.train_dataset, batch_size=self.course.batch, collate_fn=_places)
        return self.accelerator.prepare(loader) if self.team.alone else loader

    def training_step(
        self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None
    ) -> Any:
        """Carry back piece after piece; the loss of the whole batch."""
        del num_items_in_batch
        model.eval()  # without dropout; gradients flow all the same
        total = 0.0
        for piece, value in self.loss.pieces(inputs["places"].cpu().numpy()):
            self.accelerator.backward(piece)
            total += value
        self.team.add_gradients(list(self.loss.parameters()))
        total = self.team.total(total)
        self._clip_beside()
        if not np.isfinite(total):
            raise ModelError(
                f"The loss of step {self.state.global_step + 1} is {total}. Lower the learning "
                f"rate (it is {self.course.learning_rate:g}) or look at the labels' range."
            )
        self.checkpoints.losses.append(total)
        return torch.tensor(total, device=self.args.device)

    def _clip_beside(self) -> None:
        """What learns beside the model is clipped by itself; the trainer clips the model alone."""
        own = {id(weights) for weights in self.model.parameters()}
        beside = [weights for weights in self.loss.parameters() if id(weights) not in own]
        torch.nn.utils.clip_grad_norm_(beside, self.args.max_grad_norm)

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        """Every tensor: those of the model, and of what learns beside it and is dropped later."""
        del state_dict
        folder = Path(output_dir or self.args.output_dir)
        folder.mkdir(parents=True, exist_ok=True)
        save_model(self.loss, str(folder / TENSORS))

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        del model
        load_model(self.loss, Path(resume_from_checkpoint) / TENSORS)


class Keeper(TrainerCallback):  # type: ignore[misc]
    """Decides when a checkpoint is due, seals it, and tells of progress."""

    def __init__(
        self, course: Course, checkpoints: Checkpoints, ticks: Iterator[Any], team: Processes
    ) -> None:
        self.team = team
        self.course = course
        self.checkpoints = checkpoints
        self.ticks = ticks
        self.saved = time.monotonic()

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        """After each update."""
        del args, kwargs
        next(self.ticks, None)
        if self.course.save_every is None:
            due = time.monotonic() - self.saved > PAUSE_SECONDS
        else:
            due = state.global_step % self.course.save_every == 0
        control.should_save = self.team.agreed(due) and state.global_step < self.course.steps
        return control

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        """After a checkpoint was written."""
        del args, kwargs
        self.team.wait()
        if self.team.first:
            self.checkpoints.seal(state.global_step)
        self.saved = time.monotonic()
        return control


def train(
    learner: Carried, course: Course, checkpoints: Checkpoints, ticks: Iterator[Any]
) -> list[float]:
    """Train to the end, from the last checkpoint if there is one; the loss of every step."""
    team = joined(learner, course.device)
    last = team.in_turn(checkpoints.newest)
    for _ in range(len(checkpoints.losses) + 1):
        next(ticks, None)
    with untouched():
        trainer = Trainer(learner, course, checkpoints, ticks, team)
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    next(ticks, None)
    learner.model.eval()
    return checkpoints.losses


def _places(items: list[int]) -> dict[str, Any]:
    return {"places": torch.tensor(items, dtype=torch.int64)}


def _arguments(course: Course, folder: Path) -> SentenceTransformerTrainingArguments:
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        max_steps=course.steps,
        per_device_train_batch_size=course.batch,
        learning_rate=course.learning_rate,
        learning_rate_mapping={} if course.beside is None else {SECOND: course.beside},
        warmup_steps=course.warmup,
        lr_scheduler_type="linear",
        weight_decay=0.01,
        max_grad_norm=1.0,
        optim="adamw_torch",
        seed=course.seed,
        use_cpu=course.device == "cpu",
        save_strategy="no",
        logging_strategy="no",
        eval_strategy="no",
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
    )
    arguments._n_gpu = min(arguments.n_gpu, 1)
    return arguments


@contextmanager
def untouched() -> Iterator[None]:
    """Leave the global random states as they were: the trainer seeds them all."""
    plain, numeric = random.getstate(), np.random.get_state()  # noqa: NPY002 - the global one
    deterministic = torch.are_deterministic_algorithms_enabled()
    with torch.random.fork_rng():
        try:
            yield
        finally:
            random.setstate(plain)
            np.random.set_state(numeric)  # noqa: NPY002
            torch.use_deterministic_algorithms(deterministic)


def half_precision(device: str) -> bool:
    """Whether bfloat16 is at home on a device: on GPUs that have it, on processors with AMX.

    A processor that only knows it (AVX-512) trains slower in it: 0.85 against 1.64 thousand
    tokens a second were measured.
    """
    if device.startswith("cuda"):
        return bool(torch.cuda.is_bf16_supported())
    return device == "cpu" and bool(torch.cpu._is_amx_tile_supported())
