"""A run: from documents and a model to a verdict, resumable, inspectable, the same each time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.pipeline.conftest import run

import acclimate
from acclimate.errors import ModelError, RecipeError, StoreError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.parts import generators
from acclimate.pipeline.outcome import Outcome
from acclimate.pipeline.saved import from_json
from acclimate.recipes.gpl import gpl
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Labels, Queries

pytestmark = pytest.mark.integration


def test_a_run_leaves_report_recipe_tables_and_verdict(outcome: Outcome) -> None:
    there = {p.name for p in outcome.run.iterdir()}
    assert {
        "report.html", "report.json", "recipe.json", "student.json", "tables", "steps", "run.json",
    } <= there  # fmt: skip
    assert json.loads(outcome.report.with_suffix(".json").read_text()) == json.loads(
        json.dumps(outcome.facts)
    )
    assert str(outcome) == outcome.verdict["sentence"]
    assert outcome.adapted == outcome.verdict["better"]
    assert isinstance(from_json(json.loads((outcome.run / "recipe.json").read_text())), Recipe)


def test_the_outcome_is_a_model_that_loads(outcome: Outcome) -> None:
    vectors = outcome.encoder.load().encode(["wax comb"])
    assert vectors.shape == (1, 32)
    assert np.isfinite(vectors).all()


def test_the_base_is_given_back_exactly_where_nothing_is_better(outcome: Outcome) -> None:
    unchanged = outcome.student.encoder == outcome.student.start
    assert unchanged == (not outcome.verdict["better"])
    assert outcome.model.is_relative_to(outcome.run) == outcome.adapted
    assert outcome.verdict["heldout"] >= 20


def test_tables_of_steps_inside_rounds_are_laid_down(outcome: Outcome) -> None:
    tables = outcome.run / "tables"
    queries = Queries.open(tables / "queries.arrow")
    candidates = Candidates.open(tables / "candidates.arrow")
    labels = Labels.open(tables / "labels.arrow")
    assert len(labels) == len(candidates) > 0
    assert set(labels["query_id"]) <= set(queries["query_id"])


def test_judged_queries_never_train_and_the_log_does(outcome: Outcome) -> None:
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    texts = set(queries["text"])
    assert "planet dust telescope" in texts
    assert not [i for i in queries["query_id"] if i.startswith("td")]
    assert outcome.facts["people"]["queries"] == 20
    assert outcome.facts["log"]["queries"] == 3


def test_held_out_documents_train_nothing(outcome: Outcome) -> None:
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    held = {d for d in queries.of_split("heldout")["source_doc_id"] if d}
    trained = {d for d in queries.of_split("train")["source_doc_id"] if d}
    assert held
    assert not held & trained


def test_the_same_command_finds_everything(
    outcome: Outcome, corpus: Corpus, student: Dense
) -> None:
    again = run(corpus, student, outcome.run)
    assert all(step["reused"] for step in again.facts["steps"])
    drop = ("steps", "cost", "made")
    before = {k: v for k, v in outcome.facts.items() if k not in drop}
    assert {k: v for k, v in again.facts.items() if k not in drop} == json.loads(json.dumps(before))


def test_another_setting_redoes_that_step_and_later_ones_in_a_moved_run_too(
    outcome: Outcome, corpus: Corpus, student: Dense, tmp_path: Path
) -> None:
    shutil.copytree(outcome.run, tmp_path / "moved")
    again = run(corpus, student, tmp_path / "moved", steps=13)
    reused = {s["name"]: s["reused"] for s in again.facts["steps"]}
    assert reused["SplitLong"]
    assert reused["HoldOut"]
    assert not reused["Fit"]
    assert not reused["Gate"]


def test_a_run_is_the_same_in_another_folder(
    outcome: Outcome, corpus: Corpus, student: Dense, tmp_path: Path
) -> None:
    other = run(corpus, student, tmp_path / "other")
    keys = [[s["key"] for s in o.facts["steps"]] for o in (outcome, other)]
    assert keys[0] == keys[1]
    assert other.verdict == outcome.verdict


def test_nothing_is_written_when_a_model_is_not_there(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="none/here"):
        acclimate.adapt("default", corpus, "none/here", out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_every_model_that_is_not_there_is_named(
    corpus: Corpus, student: Dense, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"(?s)query-gen.*ms-marco"):
        acclimate.adapt(gpl(), corpus, student, out=tmp_path / "run")  # the paper's models


def test_a_made_recipe_cannot_be_sized(corpus: Corpus, student: Dense, tmp_path: Path) -> None:
    recipe = Recipe("mine", (generators.SalientTerms(queries=5),))
    with pytest.raises(RecipeError, match="Give its name or its function"):
        acclimate.adapt(recipe, corpus, student, out=tmp_path / "run", minutes=1)


def test_a_recipe_that_trains_nothing_keeps_the_base(
    corpus: Corpus, student: Dense, tmp_path: Path
) -> None:
    recipe = Recipe("mine", (generators.SalientTerms(queries=5),))
    outcome = acclimate.adapt(recipe, corpus, student, out=tmp_path / "run")
    assert not outcome.adapted
    assert "no step changed the model" in str(outcome)
    assert outcome.report.exists()


def test_a_broken_file_is_named_before_anything_is_written(tmp_path: Path, student: Dense) -> None:
    (tmp_path / "broken.jsonl").write_text('{"id": 1, "text": "a"}\n{"id": 2, "te\n')
    with pytest.raises(TableError, match=r"broken.jsonl, line 2"):
        acclimate.adapt("default", tmp_path / "broken.jsonl", student, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_folder_of_someone_else_is_left_alone(
    corpus: Corpus, student: Dense, tmp_path: Path
) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(StoreError, match="holds something else"):
        acclimate.adapt("default", corpus, student, out=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]
