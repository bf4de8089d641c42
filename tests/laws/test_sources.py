"""Every source file: short, well named, silent below the faces, and mirrored by tests."""

import ast
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import acclimate
from acclimate.testing import laws

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(acclimate.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
VAGUE = {"utils", "util", "common", "helpers", "helper", "core", "misc", "base"}
PUBLIC = {
    "AcclimateError", "Candidates", "Context", "Corpus", "Dense", "Labels", "MissingExtraError",
    "ModelError", "Outcome", "Qrels", "Queries", "Recipe", "RecipeError", "Scores",
    "ServiceError", "StoreError", "Student", "TableError", "adapt", "to_dataset",
}  # fmt: skip

each_file = pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))


@each_file
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


@each_file
def test_a_file_says_in_its_name_what_it_is_about(path: Path) -> None:
    assert not VAGUE & set(path.relative_to(SOURCE).with_suffix("").parts)


@each_file
def test_a_file_begins_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))) or path.name == "py.typed"


@each_file
def test_nothing_is_printed_below_the_faces(path: Path) -> None:
    calls = [
        n.func for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)
    ]
    prints = [c for c in calls if isinstance(c, ast.Name) and c.id == "print"]
    assert not prints or path.is_relative_to(SOURCE / "faces")


@pytest.mark.parametrize("folder", ["parts", "recipes", "pipeline", "faces"])
def test_columns_are_named_in_tables_only(folder: str) -> None:
    texts = {p: p.read_text("utf-8") for p in (SOURCE / folder).rglob("*.py")}
    assert not [p for p, text in texts.items() if "pa.schema(" in text or "pa.field(" in text]


def test_the_public_names_are_exactly_the_public_names() -> None:
    names = {name for name in vars(acclimate) if not name.startswith("_")}
    modules = {p.name for p in SOURCE.iterdir()} | {p.stem for p in SOURCE.iterdir()}
    assert names - modules == PUBLIC


def test_importing_acclimate_loads_no_framework_and_changes_nothing_outside() -> None:
    laws.check_imports(["acclimate"], heavy=("torch", "transformers", "sentence_transformers"))


def test_every_error_of_the_tree_is_public() -> None:
    from acclimate import errors

    tree = re.findall(r"\b[A-Z]\w+Error\b", errors.__doc__ or "")
    assert set(tree) <= PUBLIC


def test_the_command_line_answers_without_loading_a_framework() -> None:
    code = (
        "import sys\n"
        "from acclimate.faces.cli.main import app\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'matplotlib'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_no_test_can_reach_the_network() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection,
        pytest.raises(RuntimeError, match="may not open a connection"),
    ):
        connection.connect(("192.0.2.1", 80))
