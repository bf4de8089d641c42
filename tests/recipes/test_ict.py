"""ict from end to end: documents are read without the sentence that asks for them. [080]"""

import json
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import generators, losses
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.costs import Flow, Rates, foresee
from acclimate.recipes.ict import ict
from acclimate.tables import Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((ict().steps, ict().judge))) == []


def test_nine_in_ten_sentences_are_hidden_and_the_batch_is_what_a_source_is_told_from() -> None:
    recipe = ict()
    assert recipe.steps[0] == generators.InverseCloze(mask_rate=0.9, queries=6_000)
    fit = recipe.steps[-1].loop
    assert fit.candidates == 1
    assert fit.loss == losses.InfoNCE(temperature=0.05, in_batch=True)


def test_the_training_inside_is_foreseen() -> None:
    told = foresee(ict(), Flow(documents=1_000, tokens=100.0), Rates(encode=1e4, train=1e3))
    fit = next(expected for expected in told if expected.step.endswith("Fit"))
    assert fit.what == "200 updates of 32 queries"
    assert fit.seconds > 0


def test_it_runs_and_reads_documents_without_their_sentences(models, tmp_path: Path) -> None:
    recipe = ict(queries=12, held_out=3, steps=3, batch=6, mask_rate=1.0)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    assert set(queries["kind"]) == {"inverse_cloze"}
    assert set(labels["doc_id"]) <= set(toys.CORPUS["doc_id"])
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = next(step["notes"] for step in told if step["name"] == "Cloze")
    assert notes["documents read otherwise"] == len(queries.of_split("train")) > 0
    assert outcome.report.is_file()
