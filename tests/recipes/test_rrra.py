"""RRRA from end to end: an adapter's doubts become the labels of the second training. [025]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.engines.local import Local
from acclimate.models.indexes import AdapterReranked
from acclimate.parts import labellers, loops, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.rrra import rrra
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 6, "steps": 2, "batch": 4}


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((rrra().steps, rrra().judge))) == []


def test_hard_and_random_documents_are_doubted_and_reweighted() -> None:
    recipe = rrra(gamma=2.0)
    adapter = recipe.steps[-1].loop
    assert isinstance(adapter, loops.FalseNegativeAdapter)
    assert adapter.loop.loss == losses.ReweightedInfoNCE(temperature=0.05, gamma=2.0)
    assert adapter.norm == losses.SegmentNorm()
    assert adapter.reranks
    (union,) = [step for step in recipe.steps if isinstance(step, miners.Union)]
    assert [type(m) for m in union.members] == [miners.SimANS, miners.RandomDocuments]
    assert recipe.steps[-2] == labellers.WithoutQuery(labeller=recipe.judge)


def test_it_runs_and_reports_what_the_adapter_found(models, tmp_path: Path) -> None:
    recipe = rrra(teacher=models.scorer, **SMALL)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    (adapter,) = [s for s in steps if s["name"] == "FalseNegativeAdapter"]
    told = adapter["notes"]["adapter"]
    assert sum(told["labels"].values()) == adapter["rows_in"]["Labels"]
    assert told["labels"]["true positive"] > told["labels"]["false positive"]
    assert [s["name"] for s in steps].count("Fit") == 2
    kept = outcome.run / adapter["folder"] / "adapter"
    index = AdapterReranked(str(kept), outcome.student.encoder, power=2.0)
    hits = Local().search(index, toys.CORPUS.contents, toys.QUERIES["text"], depth=3)
    assert (hits.positions >= 0).all()
    plain = Local().search(
        replace(index, power=0.0), toys.CORPUS.contents, toys.QUERIES["text"], among=hits.positions
    )
    above = plain.scores > 0
    assert (hits.scores[above] <= plain.scores[above]).all()  # no chance is above 1
