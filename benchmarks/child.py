"""Child: run a stage in a process of its own and say what it used.

Memory that one stage needs would otherwise be counted for the next one, since no process gives
back all it took.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a child process used.

    Args:
        code: exit status; negative: the signal that ended it.
        seconds: wall time. cpu_seconds: processor time, of the child and of its own children.
        peak_bytes: largest resident memory of the child or of one of its own children.
        output: the end of what it printed.
    """

    code: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def run(
    command: Sequence[str],
    *,
    threads: int,
    env: Mapping[str, str] | None = None,
    timeout_seconds: float | None = None,
    nice: int = 5,
) -> Usage:
    """Run a command with so many threads and wait for it.

    The child is killed when `timeout_seconds` have passed; its code is then -9.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(command),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(threads, env),
            start_new_session=True,
            preexec_fn=lambda: os.nice(nice),  # noqa: PLW1509 - no threads are running here
        )
        timer = threading.Timer(timeout_seconds or 1e9, kill, [process.pid])
        timer.daemon = True
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()[-8_000:]
    return Usage(
        code=process.returncode,
        seconds=round(seconds, 3),
        cpu_seconds=round(used.ru_utime + used.ru_stime, 3),
        peak_bytes=_bytes(used.ru_maxrss),
        output=text,
    )


def kill(group: int) -> None:
    """kill -9 a process and its children, at once."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself in this moment


def environment(threads: int, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a measured process: so many threads, no network."""
    count = str(threads)
    return {
        **os.environ,
        "OMP_NUM_THREADS": count,
        "MKL_NUM_THREADS": count,
        "OPENBLAS_NUM_THREADS": count,
        "TOKENIZERS_PARALLELISM": "false" if threads == 1 else "true",
        "RAYON_NUM_THREADS": count,
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONHASHSEED": "0",
        **(extra or {}),
    }


def stage(
    python: str,
    script: Path,
    name: str,
    *,
    settings: Mapping[str, Any],
    threads: int,
    timeout_seconds: float | None = None,
) -> dict[str, Any]:
    """Run one stage of a worker script and return the JSON it answers.

    A worker is called as `python script STAGE SETTINGS.json ANSWER.json`. What the whole process
    used, imports included, is added as `process`.

    Raises:
        RuntimeError: when it fails or gives no answer; with the end of its output.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "settings.json"), Path(folder, "answer.json")
        asked.write_text(json.dumps({**settings, "threads": threads}), "utf-8")
        used = run(
            [python, str(script), name, str(asked), str(answer)],
            threads=threads,
            timeout_seconds=timeout_seconds,
        )
        if used.code != 0 or not answer.exists():
            raise RuntimeError(f"{script.name} {name} ended with code {used.code}:\n{used.output}")
        process = {
            "seconds": used.seconds,
            "cpu_seconds": used.cpu_seconds,
            "peak_bytes": used.peak_bytes,
        }
        return {**json.loads(answer.read_text("utf-8")), "process": process}


def peak_bytes() -> int:
    """The largest resident memory of this process since it began.

    Linux: the high-water mark of this program alone (`ru_maxrss` of a child begins with the
    memory of its parent).
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text("utf-8").splitlines() if "VmHWM" in row)
        return int(line.split()[1]) * 1024
    return _bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _bytes(maxrss: int) -> int:
    return maxrss if sys.platform == "darwin" else maxrss * 1024


def answer_stages(stages: Mapping[str, Any]) -> None:
    """The main of a worker: run the stage that is asked for, write its answer."""
    name, asked, answer = sys.argv[1:4]
    settings = json.loads(Path(asked).read_text("utf-8"))
    result = stages[name](settings)
    Path(answer).write_text(json.dumps({**result, "peak_bytes": peak_bytes()}), "utf-8")
