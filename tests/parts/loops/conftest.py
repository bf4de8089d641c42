"""A tiny student, and the labels of a small training."""

from pathlib import Path

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
