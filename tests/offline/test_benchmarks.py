"""The benchmarks of the bundled models run, and compute what they say."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer, tiny_writer

QUALITY = Path(__file__).resolve().parents[2] / "benchmarks" / "quality"
WRITER = QUALITY / "writer.py"


@pytest.fixture
def collection(tmp_path):
    folder = tmp_path / "pumps"
    (folder / "qrels").mkdir(parents=True)
    rows = [{"_id": f"d{n}", "title": "", "text": text} for n, text in enumerate(TEXTS)]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    asked = ["how is a pump primed?", "a cracked gasket", "when does the motor stop?"]
    rows = [{"_id": f"q{n}", "text": text} for n, text in enumerate(asked)]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = ["query-id\tcorpus-id\tscore", "q0\td0\t1", "q1\td1\t2", "q2\td3\t1"]
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def run(monkeypatch, tmp_path, collection):
    def called(name, *arguments):
        monkeypatch.setattr(sys, "path", list(sys.path))
        out = tmp_path / f"{name}.json"
        options = ["--collections", collection, "--cache", tmp_path / "cache", "--out", out]
        monkeypatch.setattr(sys, "argv", [name, *map(str, (*options, *arguments))])
        with pytest.raises(SystemExit):  # says which demands tiny models meet
            runpy.run_path(str(QUALITY / f"{name}.py"), run_name="__main__")
        return json.loads(out.read_text())

    return called


@pytest.fixture
def measures(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    return runpy.run_path(str(WRITER))


def test_copied_is_the_share_of_runs_that_stand_in_the_document(measures):
    document = "Prime the pump before it is started, or it runs dry."
    # Two runs of five words, of which "the pump before it is" is copied.
    assert measures["copied"](["the pump, before it is cold"], [document]) == 0.5
    assert measures["copied"](["what is dry?"], [document]) == 0.0


def test_distinct_is_the_share_of_pairs_that_are_there_once(measures):
    # "what is", "is a", "a pump"; "what is", "is it": four different ones of five.
    assert measures["distinct"](["What is a pump?", "what is it?"]) == 0.8


def test_samples_cannot_break_their_table(measures):
    rows = [{"name": "x", "samples": [["a|b\nc", "word " * 100]]}]
    line = measures["page"](rows).splitlines()[-1]
    assert line.startswith("| a\\|b c | word ")
    assert len(line) < 200


@pytest.mark.integration
def test_the_benchmark_of_a_writer_runs(run, tmp_path):
    writer, dense = tiny_writer(tmp_path / "writer").model, tiny_encoder(tmp_path / "dense").model
    samples = tmp_path / "samples.md"
    options = ("--writer", writer, "--dense", dense, "--documents", 5, "--samples", samples)
    told = run("writer", *options)
    (row,) = told["collections"]
    assert row["name"] == "pumps"
    assert row["questions"] + row["empty"] == 5
    assert row["found"] == 1.0  # of eight documents all are among the first ten
    assert set(told["passed"]) == {
        "every_collection_finds_its_documents_again",
        "nothing_is_copied",
        "questions_differ",
    }
    assert samples.read_text().count("\n| ") == 1 + row["questions"]


@pytest.mark.integration
def test_the_benchmark_of_a_teacher_runs(run, tmp_path):
    teacher, base = tiny_scorer(tmp_path / "teacher").model, tiny_encoder(tmp_path / "base").model
    told = run("teacher", "--teacher", teacher, "--base", base, "--pairs", 8, "--threads", 1)
    (row,) = told["collections"]
    assert row["queries"] == 3
    assert set(row["means"]) == {"BM25+base", "fusion", "teacher", "ensemble"}
    assert row["test"]["difference"] == pytest.approx(
        row["means"]["teacher"] - row["means"]["fusion"], abs=1e-3
    )
    assert told["speed"]["pairs"] == 8
    assert told["mean"] == row["means"]
