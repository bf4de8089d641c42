"""STAR from end to end: one hard document of the base model, and random ones. [113]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import loops, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.star import star
from acclimate.tables import Candidates, Labels
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((star().steps, star().judge))) == []


def test_one_hard_document_of_two_hundred_and_those_of_the_batch() -> None:
    fit = star().steps[-1].loop
    assert miners.WithStudent(depth=200) in star().steps
    assert fit.candidates == 2
    assert fit.loss == losses.PairwiseSoftplus(temperature=0.05, in_batch=True)


def test_sources_are_read_without_the_pieces_that_ask_and_as_they_are_where_a_writer_asks(
    models,
) -> None:
    alone, asked = star().steps[-1], star(writer=models.writer).steps[-1]
    assert isinstance(alone, loops.Cloze)
    assert asked == alone.loop


def test_it_runs(models, tmp_path: Path) -> None:
    recipe = star(queries=24, held_out=6, depth=4, steps=3, batch=8)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    candidates = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    assert labels["value"] == [float(s) for s in candidates["is_source"]]
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
