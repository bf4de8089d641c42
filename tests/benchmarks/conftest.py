"""Programs of benchmarks/ are scripts; tests load them as their own imports do."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    for folder in ("", "quality", "speed"):
        sys.path.insert(0, str(BENCHMARKS / folder))
    return importlib.import_module
