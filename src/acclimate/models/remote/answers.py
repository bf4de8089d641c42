"""Answers: every answer that was ever paid for, in files that only grow.

One line per record, in one write, as it comes: what a kill can lose is the requests in flight.
Each process writes a file of its own, so that lines of two never mix.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from acclimate.errors import StoreError


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a record: an answer, or the reason why there is none.

    Args:
        record: its id, a hash of model, settings, prompt and input.
        text: the answer; None when there is none.
        reason: why there is none; empty when there is one.
        kind: of the reason, in one word.
        log_prob: mean log-probability of its tokens, where the server said.
        calls: requests it took.
        tokens_in: tokens read, over all its requests.
        tokens_out: tokens written.
        cost: money.
        seconds: from the first request to the end.
    """

    record: str
    text: str | None = None
    reason: str = ""
    kind: str = ""
    log_prob: float | None = None
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    seconds: float = 0.0

    @property
    def passing(self) -> bool:
        """Whether the reason may be gone tomorrow: such a record is asked again by a new run."""
        return self.kind in {"unreached", "stopped"}


@dataclass
class Total:
    """Sums over answers."""

    answered: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)

    def outcome(self, answer: Answer, by: int) -> None:
        """Count an answer or its reason, or take it back."""
        if answer.text is not None:
            self.answered += by
            return
        self.reasons[answer.kind] = self.reasons.get(answer.kind, 0) + by
        if not self.reasons[answer.kind]:
            del self.reasons[answer.kind]


class Answers:
    """The ledger of answers in a folder.

    Args:
        folder: made when the first answer comes.

    Attributes:
        total: over everything that was ever answered here.
        used: records that this process asked for and that are answered, whoever paid for them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.total = Total()
        self.used: set[str] = set()
        self._found: dict[str, Answer] = {}
        self._file: int | None = None
        self._guard = threading.Lock()
        for path in sorted(folder.glob("*.jsonl")) if folder.exists() else ():
            self._load(path)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Answer]:
        yield from self._found.values()

    def find(self, record: str) -> Answer | None:
        """What became of a record; None: it has not been asked, or not to the end."""
        if record in self._found:
            self.used.add(record)
        return self._found.get(record)

    def add(self, answer: Answer) -> None:
        """Keep what became of a record, before anybody uses it.

        Raises:
            StoreError: when it cannot be written.
        """
        told = {k: v for k, v in asdict(answer).items() if v not in {None, ""}}
        line = (json.dumps(told, ensure_ascii=True) + "\n").encode()
        with self._guard:
            try:
                written = os.write(self._open(), line)
            except OSError as error:
                raise StoreError(f"Cannot write {self.folder}: {error.strerror}.") from error
            if written != len(line):
                raise StoreError(f"Cannot write {self.folder}: the disk is full.")
            self._note(answer)

    def flush(self) -> None:
        """Wait until the disk has everything: then a power cut loses nothing either."""
        if self._file is not None:
            os.fsync(self._file)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __del__(self) -> None:
        self.close()

    def _open(self) -> int:
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            for number in range(10**6):
                path = self.folder / f"{number:06d}.jsonl"
                try:
                    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
                    self._file = os.open(path, flags, 0o600)
                    break
                except FileExistsError:
                    continue
        if self._file is None:
            raise StoreError(f"{self.folder} holds a million files; join or delete some.")
        return self._file

    def _note(self, answer: Answer) -> None:
        """The last word on a record counts; what all its requests cost adds up."""
        before = self._found.get(answer.record)
        if before is not None:
            self.total.outcome(before, -1)
        self._found[answer.record] = answer
        self.total.outcome(answer, 1)
        self.total.calls += answer.calls
        self.total.tokens_in += answer.tokens_in
        self.total.tokens_out += answer.tokens_out
        self.total.cost += answer.cost

    def _load(self, path: Path) -> None:
        """Lines of a file; the last may be torn by a kill, any other is damage from outside."""
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
        for number, line in enumerate(lines[:-1], 1):
            told: dict[str, Any]
            try:
                told = json.loads(line)
                answer = Answer(**told)
            except (ValueError, TypeError) as error:
                raise StoreError(
                    f"{path}, line {number}: not an answer ({error}). Delete the line: its record "
                    "is asked again."
                ) from error
            self._note(answer)
