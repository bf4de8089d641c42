"""CoRR from end to end: what the retriever draws teaches both, corrected for the draw. [027]"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import loops, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.corr import corr
from acclimate.tables import Candidates
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "count": 3, "steps": 2, "rounds": 2}


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((corr().steps, corr().judge))) == []


def test_the_retriever_learns_the_source_and_the_ranker_over_what_was_drawn() -> None:
    mine, _, reading = corr().steps[-1].steps
    both = reading.loop
    assert isinstance(both, loops.Cooperative)
    assert mine.count == 20
    assert both.loop.candidates == both.ranker.candidates == 21
    assert both.loop.loss.terms[1] == losses.SampledKL(student_temperature=0.05, source=False)
    assert both.loop.loss.terms[0].temperature == mine.temperature == 0.05
    assert both.ranker.loss == losses.SampledSoftmax(temperature=1.0)


def test_each_round_draws_anew_with_probabilities_and_the_ranker_goes_on(
    models, tmp_path: Path
) -> None:
    recipe = replace(corr(ranker=models.scorer, **SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    rounds = [s["folder"] for s in steps if s["name"] == "Cooperative"]
    saved = [json.loads((outcome.run / f / "student.json").read_text("utf-8")) for f in rounds]
    assert len({student["beside"]["model"] for student in saved}) == 2
    assert isinstance(outcome.student.beside, CrossEncoder)
    drawn = [s["folder"] for s in steps if s["name"] == "RetrieverDistribution"]
    for folder in drawn:
        log_q = Candidates.open(outcome.run / folder / "table.arrow").array("score")
        assert np.exp(log_q).max() <= 1 + 1e-6
    assert len(drawn) == 2
