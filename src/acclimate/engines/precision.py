"""Precision: whether this machine is faster in bfloat16, and whether a model bears it."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np

from acclimate.models.ref import Floats

logger = logging.getLogger(__name__)

Precision = Literal["float32", "bfloat16"]

FASTER = 1.3
"""bfloat16 is used where products of matrices are at least this much faster in it."""

TRIES = 12
"""How often each product is timed; the fastest one counts."""

AGREES = 0.999
"""Cosine of vectors, and correlation of scores, that bfloat16 must keep."""


@runtime_checkable
class Halvable(Protocol):
    """An opened model that can go on in bfloat16."""

    def halve(self) -> None:
        """Turn the weights into bfloat16."""
        ...


def chosen(device: str) -> Precision:
    """The precision this machine is faster in.

    A processor may know bfloat16 and still be slower in it (AVX-512 without AMX often is), so
    its flags are not enough: products of matrices are timed, once per process.
    """
    if device.startswith("cuda"):
        import torch

        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    single, half = matrix_rates()
    return "bfloat16" if half > FASTER * single else "float32"


@lru_cache(maxsize=1)
def matrix_rates() -> tuple[float, float]:
    """This processor's rates in float32 and bfloat16, in GFLOP/s, with the threads torch has."""
    import torch

    rows, inner, columns = 1024, 384, 1536
    kinds = (torch.float32, torch.bfloat16)
    sides = [
        (torch.ones((rows, inner), dtype=k), torch.ones((columns, inner), dtype=k)) for k in kinds
    ]
    # In turns, so that other work on this machine slows down both alike.
    with torch.inference_mode():
        tries = [[_seconds(left, right) for left, right in sides] for _ in range(TRIES)]
    single, half = (2e-9 * rows * inner * columns / min(took) for took in zip(*tries, strict=True))
    return single, half


def _seconds(left: Any, right: Any) -> float:
    import torch

    start = time.perf_counter()
    torch.nn.functional.linear(left, right)
    return time.perf_counter() - start


def vectors_agree(single: Floats, half: Floats) -> bool:
    """Whether every vector kept its direction."""
    norms = np.linalg.norm(single, axis=1) * np.linalg.norm(half, axis=1)
    cosines = (single * half).sum(axis=1) / np.maximum(norms, 1e-12)
    return bool((cosines[norms > 0] >= AGREES).all())


def scores_agree(single: Floats, half: Floats) -> bool:
    """Whether scores kept their order and distances: their correlation."""
    if np.ptp(single) == 0:
        return bool(np.allclose(single, half, atol=1e-2))
    return bool(np.corrcoef(single, half)[0, 1] >= AGREES)
