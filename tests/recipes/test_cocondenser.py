"""coCondenser from end to end: spans first, then queries. [070]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

import acclimate
from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.parts import losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.cocondenser import cocondenser
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "pretraining": 2, "steps": 2, "batch": 6}


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((cocondenser().steps, cocondenser().judge))) == []


def read_of(loss: losses.Condenser, layers: int) -> int:
    """Of which layer the head reads the tokens."""
    states = [torch.full((1, 2, 1), float(n)) for n in range(layers + 1)]
    return int(loss.joined(states)[0, 1, 0])


def test_the_head_and_the_rate_are_the_papers() -> None:
    first = cocondenser().steps[0]
    assert first.masked == losses.Condenser(layers=2)
    assert read_of(first.masked, layers=12) == 6
    assert first.contrast == losses.CorpusContrastive(temperature=1.0)
    assert (first.learning_rate, first.warmup / first.steps) == (1e-4, 0.1)
    assert first.whole_words


def test_the_student_that_is_there_by_default_has_its_layer_in_the_middle() -> None:
    """Of six layers the third; the paper's twelve have their sixth."""
    layers = Dense().load().transformers_model.config.num_hidden_layers
    assert (layers, read_of(cocondenser().steps[0].masked, layers)) == (6, 3)


def test_it_runs_and_queries_train_what_spans_have_trained(models, tmp_path: Path) -> None:
    recipe = replace(cocondenser(**SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = {step["name"]: step["notes"] for step in steps}
    assert notes["CoCondenser"]["texts"] == len(toys.CORPUS)
    assert notes["Fit"]["examples"]["queries that train"] > 0
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def test_a_student_without_an_early_layer_is_told_before_anything_is_written(
    models, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match="reads layer 6, but the last one of the student is 2"):
        acclimate.adapt(
            cocondenser(**SMALL, skip_from=6), toys.CORPUS, models.encoder, out=tmp_path / "run"
        )
