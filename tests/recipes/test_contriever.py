"""contriever from end to end: two crops of one document."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import generators, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.contriever import contriever
from acclimate.tables import Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((contriever().steps, contriever().judge))) == []


def test_the_crops_and_the_temperature_are_the_papers() -> None:
    crops = contriever().steps[0]
    assert crops == generators.RandomCrops(
        shortest=0.05, longest=0.5, noise="delete", share=0.1, queries=6_000
    )
    fit = contriever().steps[-1].loop
    assert fit.loss == losses.InfoNCE(temperature=0.05, in_batch=True)


def test_it_runs_and_reads_documents_as_crops(models, tmp_path: Path) -> None:
    recipe = contriever(queries=12, held_out=3, steps=3, batch=6)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert set(queries["kind"]) == {"random_crop"}
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = next(step["notes"] for step in told if step["name"] == "Cloze")
    assert notes["documents read otherwise"] == len(queries.of_split("train"))
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
