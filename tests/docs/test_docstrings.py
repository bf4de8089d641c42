"""The examples in docstrings are true."""

import doctest
import importlib
from pathlib import Path

import pytest

import acclimate

SOURCE = Path(acclimate.__file__).parent
MODULES = [
    ".".join(("acclimate", *path.relative_to(SOURCE).with_suffix("").parts))
    for path in sorted(SOURCE.rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))
    assert result.failed == 0
    assert result.attempted > 0 or name == "acclimate.__init__"
