"""Pace: how many requests are out at once, when to wait, and when to give up.

Each answer lets a little more out (additive increase); refusals cut by half of their share among
the last requests (multiplicative decrease, as in data centre TCP), so that one in a stream of
answers costs little and a closed door costs much. Requests are spaced evenly over the time an
answer takes: so that "two and a half at once" is possible.

Paper: Alizadeh et al., Data Center TCP, SIGCOMM 2010. https://doi.org/10.1145/1851182.1851192
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable

START = 4.0
STEP, SHARE = 0.02, 0.02
"""More per round of answers: requests, and share of those out."""
CLOSED = 0.25
"""Share of refusals among the last requests from which on everybody waits, not only the refused."""
LOOK_BACK = 32
"""Requests the share is taken over."""
SLOWER = 0.9
"""What is left when an answer takes too long."""
WINDOW = 40
"""Requests the circuit breaker looks back on."""
BROKEN = 0.65
"""Share of them that failed, at which it opens."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds it stays open, time after time; then the job is given up."""
PATIENCE = 100
"""Refusals without anything else in between, until the job is given up."""


class Pace:
    """Lets requests out, and is told how they went.

    Args:
        most: requests at once at most.
        clock: seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = float(most)
        self.limit = min(START, self.most)
        self.in_flight = 0
        self.refused = 0
        self.open_times = 0
        self._clock = clock
        self._taken: deque[bool] = deque(maxlen=LOOK_BACK)
        self._seconds = 0.0
        self._next = 0.0
        self._not_before = 0.0
        self._cut_at = -1.0
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._probing = False
        self._opened = 0.0
        self._refused_in_row = 0
        self._changed = asyncio.Event()

    @property
    def broken(self) -> bool:
        """Whether the server has failed for so long that the job is given up."""
        return self.open_times > len(PAUSES) or self._refused_in_row >= PATIENCE

    async def enter(self) -> float:
        """Wait until one more request may go out.

        Returns:
            When it went, for `leave`.
        """
        while True:
            now = self._clock()
            wait = max(self._not_before, self._next) - now
            if wait <= 0 and self.in_flight < math.ceil(self.limit):
                self.in_flight += 1
                self._next = max(self._next, now - self._spacing) + self._spacing
                return now
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), wait if wait > 0 else None)
            except TimeoutError:
                continue

    def leave(self, went: float, *, ok: bool, wait: float = 0.0) -> None:
        """A request came back: well, or with a failure that is the server's.

        Args:
            went: when it had gone out.
            ok: whether well.
            wait: seconds the server asks us to wait.
        """
        self.give_way()
        self._not_before = max(self._not_before, self._clock() + wait)
        if self._probing:
            if not ok and went < self._opened:
                return  # it was out when the breaker opened, and says nothing new
            if ok:
                self._recent.clear()
                self._probing = False
        self._recent.append(ok)
        self._refused_in_row = 0
        self._taken.append(True)
        if ok:
            took = self._clock() - went
            self._seconds = took if not self._seconds else 0.9 * self._seconds + 0.1 * took
            self.open_times = 0 if self._share_failed() < BROKEN / 2 else self.open_times
            self._grow()
        elif len(self._recent) >= WINDOW // 2 and self._share_failed() >= BROKEN:
            self._break()

    def busy(self, went: float, wait: float) -> None:
        """The server says that it is too much.

        Args:
            went: when the request had gone out.
            wait: seconds it asks us to wait.
        """
        self.give_way()
        self.refused += 1
        self._refused_in_row += 1
        self._taken.append(False)
        share = self._taken.count(False) / len(self._taken)
        if share >= CLOSED:
            self._not_before = max(self._not_before, self._clock() + wait)
        if went > self._cut_at:  # those that were out with it say nothing new
            self._cut(1 - share / 2)

    def slower(self, went: float) -> None:
        """A request took too long: fewer at once."""
        if went > self._cut_at:
            self._cut(SLOWER)

    @property
    def _spacing(self) -> float:
        """Seconds between two requests; none until the server has refused one."""
        return self._seconds / self.limit if self.refused else 0.0

    def _cut(self, share: float) -> None:
        self.limit = max(1.0, self.limit * share)
        self._cut_at = self._clock()

    def give_way(self) -> None:
        """One request less is out, or does not go out after all."""
        self.in_flight -= 1
        self._changed.set()

    def _grow(self) -> None:
        step = 1.0 if self._cut_at < 0 else STEP / self.limit + SHARE
        self.limit = min(self.most, self.limit + step)

    def _share_failed(self) -> float:
        return sum(not ok for ok in self._recent) / len(self._recent)

    def _break(self) -> None:
        pause = PAUSES[min(self.open_times, len(PAUSES) - 1)]
        self.open_times += 1
        self._not_before = max(self._not_before, self._clock() + pause)
        self.limit = 1.0
        # The next request is a probe: it opens the breaker again, or clears the record.
        self._probing = True
        self._opened = self._clock()
