"""Doctor: what is installed, which models load, what this machine can do."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path
from typing import Any

import psutil

from acclimate.errors import AcclimateError
from acclimate.models.encoders.dense import Dense

Row = dict[str, Any]


def examine(models: list[str]) -> dict[str, list[Row]]:
    """What there is, in sections of rows with name, text and whether it is well."""
    return {
        "installed": _installed(),
        "extras": _extras(),
        "models": [_model(name) for name in dict.fromkeys(["all-MiniLM-L6-v2", *models])],
        "machine": _machine(),
    }


def _row(name: str, text: str, *, ok: bool | None = None) -> Row:
    return {"name": name, "text": text, "ok": ok}


def _installed() -> list[Row]:
    rows = [_row("Python", platform.python_version(), ok=True)]
    for name in (
        "acclimate",
        "torch",
        "transformers",
        "sentence-transformers",
        "bm25s",
        "faiss-cpu",
        "pyarrow",
    ):
        try:
            rows.append(_row(name, version(name), ok=True))
        except PackageNotFoundError:
            rows.append(_row(name, "is missing. Run: pip install acclimate", ok=False))
    return rows


def _extras() -> list[Row]:
    """Which extras are complete, from what the package itself declares."""
    wanted: dict[str, list[str]] = {}
    for line in requires("acclimate") or []:
        need, _, marker = line.partition(";")
        if "extra ==" in marker and "acclimate[" not in need:
            extra = marker.split("extra ==")[1].strip(" '\"")
            wanted.setdefault(extra, []).append(need.split(">")[0].split("=")[0].split("[")[0])
    rows = []
    for extra in metadata("acclimate").get_all("Provides-Extra") or []:
        missing = [p for p in wanted.get(extra, []) if not _has(p.strip())]
        text = (
            f"missing {', '.join(missing)}: pip install 'acclimate[{extra}]'"
            if missing
            else ("complete")
        )
        rows.append(_row(extra, text, ok=not missing))
    return rows


def _has(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _model(name: str) -> Row:
    """Whether a model loads and encodes a sentence, from this machine alone."""
    offline = os.environ.get("HF_HUB_OFFLINE")
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        encoder = Dense(name).open("cpu")
        vectors = encoder.encode(["Does it load?"], kind="query")
    except AcclimateError as error:
        return _row(name, str(error), ok=False)
    finally:
        if offline is None:
            del os.environ["HF_HUB_OFFLINE"]
        else:
            os.environ["HF_HUB_OFFLINE"] = offline
    kind = "unit length" if encoder.normalised else "any length"
    return _row(name, f"loads; {vectors.shape[1]} dimensions, vectors of {kind}", ok=True)


def _machine() -> list[Row]:
    memory = psutil.virtual_memory()
    free = shutil.disk_usage(Path.cwd()).free
    cores = (
        len(psutil.Process().cpu_affinity())
        if hasattr(psutil.Process, "cpu_affinity")
        else (psutil.cpu_count() or 1)
    )
    rows = [
        _row("cores", f"{cores} usable ({psutil.cpu_count(logical=False) or '?'} physical)"),
        _row("memory", f"{memory.total / 2**30:.1f} GiB, {memory.available / 2**30:.1f} free"),
        _row("disk here", f"{free / 2**30:.1f} GiB free"),
        _row("threads", os.environ.get("OMP_NUM_THREADS", "as many as cores")),
        _row("hub", "offline (HF_HUB_OFFLINE)" if os.environ.get("HF_HUB_OFFLINE") else "online"),
    ]
    if importlib.util.find_spec("torch") is not None:
        rows += _torch()
    return rows


def _torch() -> list[Row]:
    import torch

    from acclimate.engines.precision import chosen

    fast = chosen("cpu")
    flags = Path("/proc/cpuinfo")
    knows = flags.is_file() and "avx512_bf16" in flags.read_text("utf-8", "replace")
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none; none is needed"
    return [
        _row(
            "bfloat16",
            f"{'known to' if knows else 'not announced by'} the processor; "
            f"{'faster' if fast == 'bfloat16' else 'not faster'} here",
        ),
        _row("GPU", gpu),
    ]
