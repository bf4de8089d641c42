"""Asking a finished run: base and adapted side by side, measured, inspected."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.pipeline.conftest import judged
from typer.testing import CliRunner

from acclimate.errors import RecipeError, StoreError
from acclimate.faces.cli.main import app
from acclimate.models.encoders.dense import Dense
from acclimate.pipeline.inspecting import facts_of, look
from acclimate.pipeline.outcome import Outcome
from acclimate.pipeline.trying import Compared, Trial, evaluate, systems_of
from acclimate.tables import Corpus

pytestmark = pytest.mark.integration


def test_both_models_are_asked_where_there_are_two(outcome: Outcome) -> None:
    found = Trial(outcome.run).ask("wax comb", 3)
    assert set(found["systems"]) == ({"base", "adapted"} if outcome.adapted else {"base"})
    for documents in found["systems"].values():
        assert [d["rank"] for d in documents] == [1, 2, 3]
        scores = [d["score"] for d in documents]
        assert scores == sorted(scores, reverse=True)
    assert {d["moved"] for d in found["systems"]["base"]} == {0}
    assert "base" in systems_of(outcome.run)


def test_a_run_is_measured_by_peoples_judgements(outcome: Outcome, corpus: Corpus) -> None:
    queries, qrels = judged(corpus)
    told = evaluate(outcome.run, qrels, queries=queries)
    assert told["queries"] == 20
    rows = {row["system"]: row["measures"]["nDCG@10"] for row in told["systems"]}
    assert {"BM25", "base", "base+BM25"} <= set(rows)
    shown = {r["system"]: r["measures"]["nDCG@10"] for r in outcome.facts["people"]["systems"]}
    assert rows["base"]["mean"] == pytest.approx(shown["base"]["mean"])
    assert rows["base"]["difference"] is None
    assert rows["BM25"]["difference"]["queries"] == 20


@pytest.fixture
def documents(tmp_path: Path, corpus: Corpus) -> Path:
    path = tmp_path / "docs.jsonl"
    rows = [{"id": r["doc_id"], "title": r["title"], "text": r["text"]} for r in corpus.dicts()]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_models_are_measured_on_a_corpus(documents: Path, student: Dense, corpus: Corpus) -> None:
    queries, qrels = judged(corpus)
    models = Compared(models=(student.model, student.model))
    told = evaluate(documents, qrels, models, queries=queries)
    assert {"base", "adapted"} <= {row["system"] for row in told["systems"]}
    with pytest.raises(RecipeError, match="--model"):
        evaluate(documents, qrels, queries=queries)


def test_runs_are_measured_as_the_systems_that_wrote_them(
    documents: Path, student: Dense, corpus: Corpus, tmp_path: Path
) -> None:
    queries, qrels = judged(corpus)
    wanted = Compared(models=(student.model,), keep=tmp_path / "runs")
    told = evaluate(documents, qrels, wanted, queries=queries)
    files = told["runs"]
    assert set(files) == {"BM25", "base", "base+BM25"}
    other = tmp_path / "theirs.trec"
    shutil.copy(files["base"], other)
    again = evaluate(documents, qrels, Compared(runs=(other,)), queries=queries)
    rows = {row["system"]: row["measures"] for row in (*told["systems"], *again["systems"])}
    assert set(rows) == {"BM25", "base", "base+BM25", "theirs"}
    for measure, cell in rows["theirs"].items():
        assert cell["mean"] == rows["base"][measure]["mean"]
        assert cell["difference"] is None  # without a model the first run is the base
        assert rows["BM25"][measure]["difference"]["against"] == "theirs"


def test_the_command_measures_a_run(documents: Path, corpus: Corpus, tmp_path: Path) -> None:
    queries, qrels = judged(corpus)
    rows = [{"_id": row["query_id"], "text": row["text"]} for row in queries.dicts()]
    asked, said, run = (tmp_path / name for name in ("queries.jsonl", "qrels.trec", "mine.trec"))
    asked.write_text("\n".join(map(json.dumps, rows)))
    said.write_text("".join(f"{r['query_id']} 0 {r['doc_id']} 1\n" for r in qrels.dicts()))
    run.write_text("".join(f"{r['query_id']} Q0 {r['doc_id']} 1 0.5 x\n" for r in qrels.dicts()))
    command = ["evaluate", str(documents), "--qrels", str(said), "--queries", str(asked)]
    done = CliRunner().invoke(app, [*command, "--run", str(run), "--json"])
    assert done.exit_code == 0, done.output
    measured = {row["system"]: row["measures"] for row in json.loads(done.stdout)["systems"]}
    assert measured["mine"]["nDCG@10"]["mean"] == 1.0  # each judged document, and nothing else
    run.write_text("other Q0 d1 1 0.5 x\n")
    refused = CliRunner().invoke(app, [*command, "--run", str(run)])
    assert (refused.exit_code, "for none of the judged" in refused.stderr) == (3, True)


def test_a_run_is_looked_at(outcome: Outcome) -> None:
    assert look(outcome.run, "summary")["verdict"] == str(outcome)
    assert len(look(outcome.run, "queries", limit=4)) == 4
    labels = look(outcome.run, "labels", query="wax comb", limit=5)
    assert labels
    assert all("wax comb" in row["query"] and row["document"] for row in labels)
    assert [s["step"] for s in look(outcome.run, "steps")][:2] == ["SplitLong", "Dense"]


def test_what_is_not_there_is_said(outcome: Outcome, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no run folder"):
        look(tmp_path, "summary")
    with pytest.raises(StoreError, match="No query of the run"):
        look(outcome.run, "labels", query="nothing like it")
    with pytest.raises(StoreError, match="Did you mean 'labels'"):
        look(outcome.run, "lables")
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(StoreError, match="has not ended"):
        facts_of(tmp_path)
