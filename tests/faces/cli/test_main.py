"""The command line: one clear message for each failure, an exit code, JSON on request."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from acclimate.errors import AcclimateError, ModelError, ServiceError, StoreError
from acclimate.faces.cli import display
from acclimate.faces.cli.failures import CODES
from acclimate.faces.cli.main import app
from acclimate.tables import Queries

COMMANDS = (
    "adapt", "plan", "evaluate", "search", "judge", "export", "explain", "recipes", "inspect",
    "doctor",
)  # fmt: skip


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"id": 1, "text": "fine"}\n{"id": 2, "text": 3.5}\n{"id": 3, "te\n')
    return path


def test_help_names_every_command_and_the_exit_codes() -> None:
    told = call("--help").output
    assert all(command in told for command in COMMANDS)
    assert "130 interrupted" in told


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_json(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert "--json" in result.output
    assert "--debug" in result.output


def test_the_version_is_told() -> None:
    from acclimate import __version__

    assert __version__ in call("--version").output


def test_answers_are_shown_where_there_are_some(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    asked = [{"query_id": "q", "text": "when?", "split": "train", "answer": "1932"}]
    for rows, told in ((asked, True), ([{**asked[0], "answer": None}], False)):
        Queries.of(rows).write(tmp_path / "tables" / "queries.arrow")
        output = call("inspect", tmp_path, "queries").output
        assert "when?" in output
        assert ("answer" in output, "1932" in output) == (told, told)


def test_a_broken_file_names_line_and_fix(broken: Path, tmp_path: Path) -> None:
    result = call("adapt", broken, "--out", tmp_path / "run")
    assert result.exit_code == 3
    assert "broken.jsonl, line 3" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "run").exists()


def test_with_debug_the_traceback_is_shown(broken: Path, tmp_path: Path) -> None:
    result = call("adapt", broken, "--out", tmp_path / "run", "--debug")
    assert result.exit_code == 3
    assert "Traceback" in result.stderr


def test_with_json_a_failure_is_json(broken: Path, tmp_path: Path) -> None:
    result = call("adapt", broken, "--out", tmp_path / "run", "--json")
    told = json.loads(result.stdout)["error"]
    assert (told["kind"], told["exit_code"]) == ("TableError", 3)
    assert "line 3" in told["message"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--recipe", "defualt"], 2, "Did you mean 'default'"),
        (["--with", "stesp=4"], 2, "Did you mean 'steps'"),
        (["--max-ram", "lots"], 2, "such as 2GB"),
        (["--student", "no/such-model"], 4, "no/such-model"),
        (["--nonsense"], 2, "No such option"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_made(
    arguments: list[str], code: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "docs.jsonl").write_text('{"id": 1, "text": "a document of some words"}\n')
    result = call("adapt", tmp_path / "docs.jsonl", "--out", tmp_path / "run", *arguments)
    assert result.exit_code == code
    assert message in result.output
    assert not (tmp_path / "run").exists()


def test_every_error_of_the_tree_has_its_code() -> None:
    direct = set(AcclimateError.__subclasses__())
    assert direct == set(CODES)
    assert len(set(CODES.values())) == len(CODES)
    assert (CODES[ModelError], CODES[StoreError], CODES[ServiceError]) == (4, 5, 6)


def test_interrupting_says_that_the_run_can_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("acclimate.pipeline.run.adapt", interrupted)
    (tmp_path / "docs.jsonl").write_text('{"id": 1, "text": "words"}\n')
    result = call("adapt", tmp_path / "docs.jsonl", "--out", tmp_path / "run")
    assert result.exit_code == 130
    assert "The same command goes on" in result.stderr


def test_recipes_are_listed() -> None:
    told = json.loads(call("recipes", "--json").stdout)
    assert {"default", "gpl", "qgen"} <= {row["name"] for row in told}
    assert "gpl" in call("recipes").output


def test_a_recipe_is_explained() -> None:
    told = json.loads(call("explain", "gpl", "--json").stdout)
    assert [s["gives"] for s in told["steps"]][-1] == "Student"
    text = call("explain", "gpl").output
    assert "2112.07577" in text
    assert "whole number" in text


def test_rules_are_a_table() -> None:
    text = call("explain", "autopilot").output
    assert all(word in text for word in ("Rules", "looks at", "picks", "why", "CodeTransforms"))


def test_progress_passes_rows_on_where_nobody_watches() -> None:
    display.start()
    assert list(display.track(iter("abc"), "letters", 3)) == ["a", "b", "c"]


def watched(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A terminal that somebody watches."""
    display.start()
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=100)
    monkeypatch.setattr(display.shown(), "errors", terminal)
    return out


def test_progress_shows_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    out = watched(monkeypatch)
    slow = (time.sleep(0.06) or n for n in range(5))
    assert list(display.track(slow, "documents", 5)) == [0, 1, 2, 3, 4]
    assert "documents" in out.getvalue()
    assert "/5" in out.getvalue()
    assert "/s" in out.getvalue()
    assert "left" in out.getvalue()


def test_progress_inside_progress_is_one_display(monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch)
    seen = [
        (outer, inner)
        for outer in display.track(range(2), "rounds")
        for inner in display.track(iter("ab"), "batches")
    ]
    assert seen == [(0, "a"), (0, "b"), (1, "a"), (1, "b")]
    assert display.shown().bars is None


def test_progress_ends_with_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch)
    with pytest.raises(ZeroDivisionError):
        [1 // n for n in display.track(iter([1, 0]), "numbers")]
    assert list(display.track([1], "again")) == [1]


@pytest.mark.integration
def test_a_run_from_adapt_to_search(tmp_path: Path) -> None:
    from tests.pipeline.conftest import documents

    from acclimate.testing.tiny import tiny_encoder

    corpus = documents(60)
    path = tmp_path / "docs.jsonl"
    rows = [{"id": r["doc_id"], "title": r["title"], "text": r["text"]} for r in corpus.dicts()]
    path.write_text("\n".join(json.dumps(r) for r in rows))
    student = tiny_encoder(tmp_path / "model", texts=corpus.contents, max_length=64).model
    (tmp_path / "log.txt").write_text("wax comb\nplanet dust\n")
    run = tmp_path / "run"
    command: list[Any] = ["adapt", path, "--student", student, "--out", run]
    for setting in ("queries=80", "held_out=30", "steps=6", "batch=8", "depth=4", "rounds=1"):
        command += ["--with", setting]
    command += ["--queries", tmp_path / "log.txt"]

    first = call(*command)
    assert first.exit_code == 0, first.output
    assert "report.html" in first.stdout
    assert "60 documents of 60 rows" in first.stderr
    again = call(*command, "--json")
    told = json.loads(again.stdout)
    assert told["verdict"]["heldout"] >= 20
    assert Path(told["report"]).is_file()

    found = json.loads(call("search", run, "wax comb", "--json", "-n", "2").stdout)
    assert len(found["systems"]["base"]) == 2
    assert "base" in call("search", run, "wax comb").output
    assert "default" in call("inspect", run).output
    assert len(json.loads(call("inspect", run, "queries", "-n", "3", "--json").stdout)) == 3
    assert "value" in call("inspect", run, "labels", "-n", "2").output
    planned = json.loads(call("plan", path, "-s", student, "--json").stdout)
    assert planned["documents"] == 60
    assert {"load", "gate"} <= {step["step"] for step in planned["steps"]}
    assert call("inspect", tmp_path).exit_code == 5
    for kind in ("faiss", "onnx"):
        made = json.loads(call("export", run, "--to", kind, "-o", tmp_path / kind, "--json").stdout)
        assert made["documents"] == 60
        assert Path(made["folder"]).is_dir()
    assert made["agreement"]["top"] == 10
