"""Layers: which weights of a model a text passes first."""

from __future__ import annotations

from itertools import takewhile
from typing import Any


def layers_of(model: Any) -> list[Any]:
    """The layers of a model's transformer, from below: its longest list of modules."""
    import torch

    stacks = [m for m in model.modules() if isinstance(m, torch.nn.ModuleList)]
    return list(max(stacks, key=len, default=()))


def below(model: Any, count: int) -> list[Any]:
    """The weights that a text passes before it is through the first `count` layers.

    With one layer or more, embeddings are among them.

    Args:
        model: of sentence-transformers.
        count: of layers, from below.
    """
    if not count:
        return []
    above = {id(w) for layer in layers_of(model)[count:] for w in layer.parameters()}
    # In the order they were put there: embeddings come before layers, and lower layers first.
    return list(takewhile(lambda w: id(w) not in above, model.parameters()))
