"""Every example runs, on the toy documents and with tiny models built on the spot."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from acclimate.tables import write_gpl
from acclimate.testing import samples, toys
from acclimate.testing.tiny import tiny_encoder

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_encoder(
        tmp_path_factory.mktemp("models") / "tiny", texts=toys.CORPUS.contents
    ).model


@pytest.fixture
def documents(tmp_path: Path) -> str:
    lines = [
        json.dumps({"_id": row["doc_id"], "title": row["title"], "text": row["text"]})
        for row in toys.CORPUS.dicts()
    ]
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def run(name: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def test_every_example_has_at_most_40_lines_and_a_test() -> None:
    tests = Path(__file__).read_text("utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 40
        assert f'run("{path.name}"' in tests or path.name == "demo.py"  # `make demo` runs it


def test_adapt(
    documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run("adapt.py", documents, str(tmp_path / "run"), model, "0.2", monkeypatch=monkeypatch)
    assert "read 12, kept 12" in capsys.readouterr().out
    assert (tmp_path / "run" / "report.html").is_file()


def test_own_recipe(
    documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run("own_recipe.py", documents, str(tmp_path / "run"), model, monkeypatch=monkeypatch)
    assert capsys.readouterr().out.strip().endswith(".")
    assert (tmp_path / "run" / "report.json").is_file()


def test_search_before_after(
    documents: str, model: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "yoghurt milk jar"
    run("search_before_after.py", documents, model, model, question, monkeypatch=monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "base"
    assert lines[1].endswith("yoghurt")
    assert lines[1:6] == lines[7:12]


def test_migrate_from_gpl(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = samples.things()
    folder = tmp_path / "generated"
    write_gpl(
        folder,
        corpus=toys.CORPUS,
        queries=toys.WRITTEN,
        candidates=made[samples.Candidates],
        labels=made[samples.Labels],
    )
    out = str(tmp_path / "model")
    run("migrate_from_gpl.py", str(folder), out, model, "3", monkeypatch=monkeypatch)
    trained = Path(capsys.readouterr().out.splitlines()[-1])
    assert (trained / "modules.json").is_file()


def test_haystack_gpl(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAYSTACK_TELEMETRY_ENABLED", "False")
    run("haystack_gpl.py", str(tmp_path), model, "40", monkeypatch=monkeypatch)
    base, adapted = capsys.readouterr().out.splitlines()[-2:]
    assert base.startswith("MRR@10 0.")
    assert base.endswith(model)
    assert f"summaries: {tmp_path}/model-" in adapted


def test_trec_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "b", "text": "Bees make honey."}\n{"_id": "m", "text": "The moon shines."}\n'
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "who makes honey"}\n')
    out = tmp_path / "bm25.run"
    run("trec_run.py", str(tmp_path), str(out), "1", monkeypatch=monkeypatch)
    assert capsys.readouterr().out.splitlines()[-1] == f"1 results of 1 queries: {out}"
    assert out.read_text("utf-8").startswith("q Q0 b 1 ")
