"""Shapes: tensors that say in their names what their axes are, as student_ND."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, get_type_hints


def names(call: Callable[..., Any]) -> list[str]:
    """The arguments of a method."""
    return [name for name in inspect.signature(call).parameters if name != "self"]


def named_by_shape(call: Callable[..., Any]) -> bool:
    """Whether this is the call of a `TensorLoss`: annotated arguments with one axis in front."""
    shapes = [re.fullmatch(r"[a-z][a-z_]*_([A-Z])[A-Z]*", name) for name in names(call)]
    whole = {*names(call), "return"} <= set(get_type_hints(call)) and None not in shapes
    return whole and len({shape[1] for shape in shapes if shape}) == 1
