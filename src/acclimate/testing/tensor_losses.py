"""Tensor losses: the laws of losses of other tensors than scores.

They say what they take by the names of their arguments: ``student_ND`` is a tensor of N texts and
D dimensions, ``mask_N`` says which of them count. The first letter is that of the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from acclimate.testing.laws import LawError
from acclimate.testing.shapes import names

SIZES: Mapping[str, int] = {"S": 2, "T": 3, "B": 4, "N": 4, "K": 5, "D": 6, "V": 7}
"""How long an axis is drawn, by its letter."""

INTEGERS: Mapping[str, int] = {"tokens": SIZES["V"], "tasks": 1}
"""Arguments that hold whole numbers from 0, and how many there are."""


def check(loss: Any) -> None:
    """Law 7 for these: order and masked rows change nothing, and gradients are right."""
    import torch

    drawn = np.random.default_rng(0)
    tensors = {name: _draw(name, drawn) for name in names(type(loss).__call__)}
    value = loss(**tensors)
    order = torch.tensor([2, 0, 3, 1])
    _same(loss, value, loss(**{n: t[order] for n, t in tensors.items()}), "the order of the batch")
    _same(loss, value, loss(**_changed(tensors)), "what the mask leaves out")
    moving = {n: t.requires_grad_() for n, t in tensors.items() if t.is_floating_point()}
    told = loss(**tensors)
    if not told.requires_grad:
        raise LawError(f"{loss!r} teaches nothing: no tensor has a gradient.")
    found = torch.autograd.grad(told, list(moving.values()), allow_unused=True)
    taught = [name for name, gradient in zip(moving, found, strict=True) if gradient is not None]
    for name, gradient in zip(moving, found, strict=True):
        hidden = _hidden(name, tensors)
        if gradient is not None and hidden is not None and gradient[hidden].any():
            raise LawError(f"{loss!r} has a gradient at masked cells of {name}.")

    def of_taught(*values: Any) -> Any:
        return loss(**{**tensors, **dict(zip(taught, values, strict=True))})

    if not torch.autograd.gradcheck(of_taught, [tensors[name] for name in taught]):
        raise LawError(f"{loss!r} has a wrong gradient.")


def _draw(name: str, drawn: np.random.Generator) -> Any:
    import torch

    stem, _, axes = name.rpartition("_")
    shape = [SIZES.get(axis, 3) for axis in axes]
    if stem == "mask":
        mask = torch.ones(shape, dtype=torch.bool)
        mask[(1, -1) if len(shape) > 1 else 1] = False
        return mask
    if stem in INTEGERS:
        return torch.tensor(drawn.integers(INTEGERS[stem], size=shape))
    return torch.tensor(drawn.normal(size=shape))


def _hidden(name: str, tensors: Mapping[str, Any]) -> Any:
    """Where the mask leaves out cells of this tensor; None where it says nothing of it."""
    (mask,) = (n for n in tensors if n.startswith("mask_"))
    covered = name.rpartition("_")[2].startswith(mask.rpartition("_")[2])
    return ~tensors[mask] if covered and name != mask else None


def _changed(tensors: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with other content where the mask leaves something out."""
    changed = {}
    for name, tensor in tensors.items():
        changed[name], hidden = tensor.clone(), _hidden(name, tensors)
        if hidden is not None:
            changed[name][hidden] = 0 if name.rpartition("_")[0] in INTEGERS else 50.0
    return changed


def _same(loss: object, expected: Any, value: Any, what: str) -> None:
    if not np.isclose(float(expected), float(value), rtol=1e-9, atol=1e-12):
        raise LawError(f"{loss!r} is {float(value)}, not {float(expected)}, with {what}.")
