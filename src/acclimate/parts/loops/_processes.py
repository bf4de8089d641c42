"""Processes: several of them train one student, each on a part of every update.

All hold the same weights and draw the same update; each carries back some of its pieces, and the
gradients are added up before the optimiser moves. So the losses are those of one process, whatever
the number, up to the order in which numbers are added. The first process alone writes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import torch
from torch import distributed

from acclimate.errors import RecipeError

ItemT = TypeVar("ItemT")

BUCKET_NUMBERS = 8_000_000
"""Gradients that are added up in one message: 32 MB."""


@dataclass(frozen=True)
class Processes:
    """This process among those that train together; by itself it does all of the work.

    Args:
        count: how many there are.
        rank: which this one is, from 0.
        device: where it works.
    """

    count: int = 1
    rank: int = 0
    device: str = "cpu"

    @classmethod
    def started(cls, device: str) -> Processes:
        """Those that a launcher started (torchrun, accelerate launch); joins them.

        Args:
            device: "cpu", or a GPU; each process takes its own.
        """
        from accelerate import PartialState

        state = PartialState(cpu=device == "cpu")
        return cls(state.num_processes, state.process_index, str(state.device))

    @property
    def alone(self) -> bool:
        """Whether there is no other."""
        return self.count == 1

    @property
    def first(self) -> bool:
        """Whether this is the one that writes."""
        return self.rank == 0

    def mine(self, items: Iterable[ItemT]) -> Iterator[ItemT]:
        """This process's part of things that all of them know."""
        return islice(items, self.rank, None, self.count)

    def portion(self, tokens: int, most: int) -> int:
        """Tokens of a piece, at most `most`, so that there is one for each process."""
        return most if self.alone else max(1, min(most, math.ceil(tokens / self.count)))

    def add_gradients(self, weights: Sequence[torch.Tensor]) -> None:
        """Give each weight the sum of all processes' gradients; none where no process has one."""
        if self.alone:
            return
        moved = torch.tensor([float(w.grad is not None) for w in weights], device=self.device)
        distributed.all_reduce(moved)
        learnt = [w for w, some in zip(weights, moved.tolist(), strict=True) if some]
        for weight in learnt:
            if weight.grad is None:
                weight.grad = torch.zeros_like(weight)
        for bucket in _buckets([w.grad for w in learnt if w.grad is not None]):
            together = torch.cat([gradient.flatten() for gradient in bucket])
            distributed.all_reduce(together)
            sizes = [gradient.numel() for gradient in bucket]
            for gradient, summed in zip(bucket, torch.split(together, sizes), strict=True):
                gradient.copy_(summed.view_as(gradient))

    def total(self, value: float) -> float:
        """The sum of all processes' values."""
        if self.alone:
            return value
        summed = torch.tensor([value], dtype=torch.float64, device=self.device)
        distributed.all_reduce(summed)
        return float(summed.item())

    def exchanged(self, own: Sequence[torch.Tensor], count: int) -> list[torch.Tensor]:
        """What all processes made of `count` things, in the order of the things.

        Args:
            own: what this one made of `mine` of them; all tensors have as many axes.
            count: how many things there are.
        """
        if self.alone:
            return list(own)
        axes = int(self.total(float(own[0].dim() if self.first else 0)))
        parts = []
        for number in range(count):
            place, owner = divmod(number, self.count)
            here = own[place].detach() if owner == self.rank else None
            shape = torch.tensor(here.shape if here is not None else [0] * axes, dtype=torch.int64)
            shape = shape.to(self.device)
            distributed.broadcast(shape, src=owner)
            part = here if here is not None else torch.empty(shape.tolist(), device=self.device)
            part = part.contiguous()
            distributed.broadcast(part, src=owner)
            parts.append(part)
        return parts

    def in_turn(self, look: Callable[[], ItemT]) -> ItemT:
        """What this process sees, once the first one has looked and put things in order."""
        if self.first:
            seen = look()
            self.wait()
            return seen
        self.wait()
        return look()

    def wait(self) -> None:
        """Until all have come here."""
        self.total(0.0)

    def agreed(self, decision: bool) -> bool:  # noqa: FBT001 - a decision is a bool
        """The first one's decision: clocks of two processes differ."""
        return decision if self.alone else self.total(float(decision and self.first)) > 0

    def by_first(self, make: Callable[[], str]) -> str:
        """What the first one makes, once it is made."""
        made = make() if self.first else ""
        if self.alone:
            return made
        size = int(self.total(float(len(made.encode()))))
        told = torch.zeros(size, dtype=torch.uint8, device=self.device)
        if self.first:
            told = torch.tensor(list(made.encode()), dtype=torch.uint8, device=self.device)
        distributed.broadcast(told, src=0)
        return bytes(told.tolist()).decode()


ALONE = Processes()
"""One process, as usual."""


def joined(learner: Any, device: str) -> Processes:
    """The processes that a launcher started, told to a learner: it is to share its updates.

    Raises:
        RecipeError: when there are several, and the learner does not know how.
    """
    team = Processes.started(device)
    if not team.alone and not hasattr(learner, "team"):
        raise RecipeError(
            f"{team.count} processes were started, and {type(learner).__name__} learns in one. "
            "Only loops.Fit and what is made of it alone shares its updates: start one process."
        )
    learner.team = team
    return team


def team_of(learner: Any) -> Processes:
    """The processes a learner shares its updates with."""
    team: Processes = getattr(learner, "team", ALONE)
    return team


def _buckets(gradients: Sequence[torch.Tensor]) -> Iterator[list[torch.Tensor]]:
    """Gradients in stretches of about `BUCKET_NUMBERS` numbers."""
    held, size = [], 0
    for gradient in gradients:
        held.append(gradient)
        size += gradient.numel()
        if size >= BUCKET_NUMBERS:
            yield held
            held, size = [], 0
    if held:
        yield held
