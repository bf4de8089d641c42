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

    return _rate(torch.float32), _rate(torch.bfloat16)


def _rate(kind: Any, *, rows: int = 2048, inner: int = 384, columns: int = 1536) -> float:
    import torch

    left = torch.ones((rows, inner), dtype=kind)
    right = torch.ones((columns, inner), dtype=kind)
    seconds = []
    with torch.inference_mode():
        for _ in range(6):
            start = time.perf_counter()
            torch.nn.functional.linear(left, right)
            seconds.append(time.perf_counter() - start)
    return 2e-9 * rows * inner * columns / min(seconds)


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
