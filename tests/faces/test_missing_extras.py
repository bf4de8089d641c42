"""Without its library a neighbour says what to install."""

import subprocess
import sys

import pytest

CODE = """
import importlib, sys
sys.modules[{package!r}] = None
try:
    importlib.import_module({module!r})
except Exception as error:
    sys.exit(f"{{type(error).__name__}}: {{error}}")
"""


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [
        ("acclimate.faces.ir_collection", "ir_datasets", "ir-datasets"),
        ("acclimate.faces.langchain", "langchain_core", "langchain"),
        ("acclimate.faces.llama_index", "llama_index", "llama-index"),
        ("acclimate.faces.mteb_task", "mteb", "mteb"),
    ],
)
def test_the_extra_is_named(module: str, package: str, extra: str) -> None:
    code = CODE.format(module=module, package=package)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.startswith("MissingExtraError: ")
    assert f"pip install 'acclimate[{extra}]'" in done.stderr
