"""Record: what every result holds besides its numbers, and how it is written."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

RESULTS = Path(__file__).resolve().parent / "results"

PACKAGES = (
    "acclimate",
    "torch",
    "sentence-transformers",
    "transformers",
    "numpy",
    "scipy",
    "bm25s",
    "faiss-cpu",
    "pyarrow",
)
FEATURES = (
    "avx2",
    "avx512f",
    "avx512_bf16",
    "avx512_fp16",
    "amx_bf16",
    "amx_int8",
    "asimd",
    "bf16",
    "sve",
)


def machine() -> dict[str, Any]:
    """The hardware, without any name of the host.

    `features` are those of the processor that matter to matrix products.
    """
    info = Path("/proc/cpuinfo")
    text = info.read_text("utf-8") if info.exists() else ""
    flags = set(re.findall(r"\S+", " ".join(re.findall(r"(?:flags|Features)\s*:(.*)", text))))
    model = re.search(r"model name\s*:\s*(.*)", text)
    return {
        "cores": _cores(),
        "processor": model.group(1).strip() if model else platform.machine(),
        "features": [name for name in FEATURES if name in flags],
        "memory_gib": round(_memory_bytes() / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _cores() -> int:
    counted = getattr(os, "sched_getaffinity", None)
    return len(counted(0)) if counted else os.cpu_count() or 1


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """The versions of these packages that are installed here; others are left out."""
    found = {}
    for name in packages:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def portable(name: str, result: Mapping[str, Any]) -> str:
    """A result as text; asked of the settings alone, it refuses them before hours are spent.

    Raises:
        ValueError: when a text in the result looks like a path of this machine.
    """
    text = json.dumps(result, indent=1, ensure_ascii=False, sort_keys=False)
    if found := re.search(r'"(?:~?/|[A-Z]:[\\/]+)[\w.-]+[\\/]+[^"]*"', text):
        raise ValueError(
            f"{name} would hold a path of this machine: {found.group(0)}. "
            "Leave it out of the result."
        )
    return text


def write(path: Path, result: Mapping[str, Any]) -> None:
    """Write JSON atomically: it is whole or not there.

    Raises:
        ValueError: when a text in the result looks like a path of this machine.
    """
    text = portable(path.name, result)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text + "\n", "utf-8")
    part.replace(path)


def frame(benchmark: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The beginning of every result: which benchmark, when, with what, on what."""
    return {
        "benchmark": benchmark,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "settings": dict(settings),
        "versions": versions(),
        "machine": machine(),
    }


def end(passed: Mapping[str, bool]) -> NoReturn:
    """Say which demands are met, and end with 1 where one is not."""
    for name, right in passed.items():
        print(f"{'passed' if right else 'FAILED'}  {name.replace('_', ' ')}")
    sys.exit(not all(passed.values()))
