"""DPTDR from end to end: a backbone that retrieves, then a prefix alone. [091]"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import acclimate
from acclimate.parts import generators, losses, miners, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.dptdr import dptdr
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 4, "length": 4, "steps": 2, "batch": 4}


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((dptdr().steps, dptdr().judge))) == []


def test_crops_train_the_backbone_and_pooled_negatives_the_prefix() -> None:
    crops, prefix = dptdr().steps[-1].stages
    assert isinstance(crops[0], generators.RandomCrops)
    shape, union, _, fit = prefix
    assert shape == students.Prefix(length=32)
    assert [type(m) for m in union.members] == [miners.BM25, miners.WithStudent]
    assert fit.loss == losses.InfoNCE(temperature=0.05, in_batch=True)
    assert fit.learning_rate == 7e-3


def test_the_backbone_learns_first_and_then_stays(models, tmp_path: Path) -> None:
    recipe = replace(dptdr(**SMALL, pretraining=2), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    trained = [step["name"] for step in steps if step["name"] in {"Cloze", "Fit"}]
    assert trained == ["Fit", "Cloze", "Fit"]  # crops train within Cloze
    moved = outcome.encoder.load().transformers_model.state_dict()
    before = models.encoder.load().transformers_model.state_dict()
    assert any(not torch.equal(moved[name], before[name]) for name in before)


def test_one_backbone_serves_two_fields_with_a_prefix_each(models, tmp_path: Path) -> None:
    """[091]: what the runs save differs in the prefix alone, and each reads in a way of its own."""
    from sentence_transformers import SentenceTransformer

    halves = (toys.CORPUS.head(6), toys.CORPUS.take(range(6, 12)))
    recipe = replace(dptdr(**SMALL, pretraining=0), judge=None)
    served = []
    for number, corpus in enumerate(halves):
        outcome = acclimate.adapt(recipe, corpus, models.encoder, out=tmp_path / f"run-{number}")
        assert outcome.encoder.trust_remote_code
        assert "trust_remote_code=True)" in (outcome.model / "README.md").read_text("utf-8")
        served.append(SentenceTransformer(str(outcome.model), device="cpu", trust_remote_code=True))
    one, other = (model.transformers_model.state_dict() for model in served)
    before = models.encoder.load().transformers_model.state_dict()
    for name, tensor in before.items():
        assert torch.equal(one[name], tensor)
        assert torch.equal(other[name], tensor)
    assert not torch.equal(served[0][0].prefix, served[1][0].prefix)
    texts = toys.CORPUS.contents
    vectors = [model.encode(texts) for model in (*served, models.encoder.load())]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert not np.array_equal(vectors[a], vectors[b])
