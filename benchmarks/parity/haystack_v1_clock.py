"""haystack_v1_clock: how long each stage took, by the wall and by this process's processor time."""

from __future__ import annotations

import time


class Clock:
    """Times stages that follow each other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu_seconds: dict[str, float] = {}
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        """The stage that ends now."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.seconds[name] = round(wall - self._wall, 3)
        self.cpu_seconds[name] = round(cpu - self._cpu, 3)
        self._wall, self._cpu = wall, cpu
