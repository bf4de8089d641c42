"""ColBERT-XM from end to end: learned in one language, with the adapters as they were. [086]"""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import acclimate
from acclimate.models.encoders import MultiVector
from acclimate.parts import losses, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.colbert_xm import colbert_xm
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_modular

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((colbert_xm().steps, colbert_xm().judge))) == []


def test_a_hard_document_and_the_batch_are_told_from_the_source_as_in_the_paper() -> None:
    recipe = colbert_xm()
    assert recipe.steps[0] == students.ModularAdapter(language="en_XX", dimensions=128)
    fit = recipe.steps[-1].loop
    assert fit.loss == losses.PairwiseCE(temperature=0.05, own=2)
    assert (fit.candidates, fit.learning_rate, fit.warmup / fit.steps) == (2, 5e-6, 0.1)


def test_it_runs_and_the_adapters_stay_bit_for_bit(tmp_path: Path) -> None:
    base = tiny_modular(tmp_path / "xmod", texts=toys.CORPUS.contents)
    recipe = replace(colbert_xm(queries=24, held_out=6, depth=4, steps=2, batch=6), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, base, out=tmp_path / "run")
    assert isinstance(outcome.encoder, MultiVector)
    assert outcome.encoder.load().encode_query(["the moon"])[0].shape[1] == 128
    before, after = (m.load().transformers_model.state_dict() for m in (base, outcome.encoder))
    stays = {name for name in before if torch.equal(before[name], after[name])}
    own = {n for n in before if "adapter_modules" in n or "embeddings" in n}
    assert own <= stays
    assert any("attention" in name for name in before.keys() - stays)
