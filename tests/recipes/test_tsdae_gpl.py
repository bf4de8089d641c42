"""TSDAE and GPL from end to end: GPL begins at what the documents taught."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import loops
from acclimate.recipes.gpl import gpl
from acclimate.recipes.tsdae_gpl import tsdae_gpl
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_is_gpl_after_a_denoising_with_the_papers_numbers() -> None:
    first, *then = tsdae_gpl().steps
    assert first == loops.Denoising(steps=10_000, batch=8, learning_rate=3e-5, share=0.6)
    assert tuple(then) == gpl().steps
    assert tsdae_gpl().judge == gpl().judge


def test_gpl_begins_at_the_pretrained_encoder(models, tmp_path: Path) -> None:
    recipe = tsdae_gpl(
        writer=models.writer, teacher=models.scorer, retrievers=(models.encoder,), queries=20,
        steps=2, batch=4, pretraining=2, held_out=4,
    )  # fmt: skip
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = {step["name"]: step["notes"] for step in steps}
    assert notes["Denoising"]["texts"] == len(toys.CORPUS)
    folder = next(step["folder"] for step in steps if step["name"] == "Denoising")
    (pretrained,) = (outcome.run / folder).glob("model-*")
    told = {replace(models.encoder, model=str(p)).fingerprint() for p in (pretrained,)}
    told |= {models.encoder.fingerprint(), outcome.student.encoder.fingerprint()}
    assert len(told) == 3
    assert outcome.student.start == models.encoder
