"""AR2 from end to end: ranker and retriever in turns, each on what the other makes hard. [018]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import loops, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.ar2 import ar2
from acclimate.tables import Candidates
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "steps": 2, "ranker_steps": 2, "rounds": 2}


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((ar2().steps, ar2().judge))) == []


def test_five_hundred_updates_of_the_ranker_then_fifteen_hundred_of_the_retriever() -> None:
    rounds = ar2().steps[-1]
    assert isinstance(rounds, loops.Rounds)
    window, _, reading = rounds.steps
    turn = reading.loop
    assert window.count == 15
    assert turn.goes_on
    assert (turn.teaching.steps, turn.teaching.learning_rate) == (500, 1e-6)
    assert (turn.loop.steps, turn.loop.learning_rate) == (1_500, 1e-5)
    assert turn.loop.loss == losses.AdversarialReward(share=0.5, teacher_temperature=1.0)
    assert turn.teaching.candidates == turn.loop.candidates == 16


def test_each_round_finds_anew_and_the_ranker_goes_on(models, tmp_path: Path) -> None:
    recipe = replace(ar2(ranker=models.scorer, **SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    assert [step["name"] for step in steps if step["name"] == "Fit"] == ["Fit"] * 6
    rankers = [s for s in steps if s["name"] == "Fit" and "ListSoftmaxCE" in s["part"]]
    began = [ranker_before(outcome.run / step["folder"]) for step in rankers]
    assert began == [models.scorer.model] * 3  # what it started from, three times
    taught = [s for s in steps if s["name"] == "TeacherThenDistil"]
    after = [json.loads((outcome.run / s["folder"] / "student.json").read_text()) for s in taught]
    beside = [saved["beside"]["model"] for saved in after]
    assert len(set(beside)) == 3
    assert isinstance(outcome.student.beside, CrossEncoder)
    mined = [s for s in steps if s["name"] == "RankWindow"]
    lists = [Candidates.open(next((outcome.run / s["folder"]).glob("*.arrow"))) for s in mined]
    assert len(lists) == 2


def ranker_before(folder: Path) -> str:
    saved = json.loads((folder / "student.json").read_text("utf-8"))
    return str(saved["base"]["model"])
