"""A tiny student, and the labels of a small training."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acclimate.models.student import Student
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder


@pytest.fixture(scope="package")
def student(tmp_path_factory: pytest.TempPathFactory) -> Student:
    return Student(encoder=tiny_encoder(tmp_path_factory.mktemp("m"), texts=toys.CORPUS.contents))


@pytest.fixture(scope="package")
def dotted(tmp_path_factory: pytest.TempPathFactory) -> Student:
    """A student whose vectors have lengths of their own."""
    folder: Path = tmp_path_factory.mktemp("d")
    return Student(encoder=tiny_encoder(folder, texts=toys.CORPUS.contents, normalised=False))


@pytest.fixture
def killed_at() -> Callable[[int, Callable[[Any], object]], None]:
    """Runs a training, given what tracks it, in a process that is killed at an update."""

    def run(step: int, train: Callable[[Any], object]) -> None:
        def track(rows: Any, what: str, total: Any) -> Any:
            del what, total
            for number in rows:
                if number == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield number

        killed = multiprocessing.get_context("fork").Process(target=train, args=(track,))
        killed.start()
        killed.join()
        assert killed.exitcode == -signal.SIGKILL

    return run
