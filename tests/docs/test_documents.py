"""What the documents say is true: links lead somewhere, examples run, commands exist."""

import re
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from acclimate.faces.cli.failures import CODES, INTERRUPTED
from acclimate.faces.cli.main import app
from acclimate.testing import behaviour, laws

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = get_command(app).commands

each_document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix()
)


def blocks(path: Path, language: str) -> list[str]:
    """Fenced blocks of a language; "" are those that name none."""
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [text for name, text in fences if name == language]


@each_document
def test_links_lead_to_files_that_are_there(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


@each_document
def test_files_named_in_the_text_are_there(path: Path) -> None:
    named = re.findall(r"`((?:examples|docs|benchmarks)/[\w/.-]+\.\w+)`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


@each_document
def test_python_examples_compile(path: Path) -> None:
    for block in blocks(path, "python"):
        compile(block, str(path), "exec")


@each_document
def test_commands_and_their_options_exist(path: Path) -> None:
    lines = "".join(blocks(path, "")).splitlines()
    for line in [line for line in lines if line.startswith("acclimate ")]:
        name, *words = line.partition("#")[0].split()[1:]
        assert name in COMMANDS, line
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert {w.partition("=")[0] for w in words if w.startswith("--")} <= known, line


def test_the_part_of_contributing_works_and_obeys_the_laws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, test = blocks(ROOT / "CONTRIBUTING.md", "python")
    (tmp_path / "top_by_likelihood.py").write_text(part)
    (tmp_path / "its_test.py").write_text(
        test.replace("acclimate.parts.filters.top_by_likelihood", "top_by_likelihood")
    )
    monkeypatch.syspath_prepend(tmp_path)
    import its_test  # type: ignore[import-not-found]

    its_test.test_keeps_the_likeliest_queries_in_their_order()
    its_test.test_queries_of_unknown_likelihood_go_first()
    laws.check_all(its_test.TopByLikelihood, folder="filters")
    behaviour.check_all(its_test.TopByLikelihood(keep=2), folder="filters")
    for name in ("its_test", "top_by_likelihood"):
        del sys.modules[name]


def test_the_readme_shows_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_no_document_speaks_of_a_machine() -> None:
    places = re.compile(r"(^|[^A-Za-z0-9_.])/(home|root|tmp|mnt|work)/[A-Za-z0-9_.]")
    assert [p.name for p in DOCUMENTS if places.search(p.read_text("utf-8"))] == []


def test_exit_codes_are_documented() -> None:
    text = (ROOT / "docs" / "how-to" / "use-the-command-line.md").read_text("utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert documented == {0, 1, INTERRUPTED, *CODES.values()}
