"""IterR [051], RCR [047] and DRO [058] from end to end: documents picked one after another."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import acclimate
from acclimate.models.encoders.state import map_of
from acclimate.models.student import Student
from acclimate.parts import labellers, loops, losses, miners, students
from acclimate.parts.part import Context
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.dro import dro
from acclimate.recipes.iterr import iterr
from acclimate.recipes.rcr import rcr
from acclimate.tables import Corpus, Queries

pytestmark = pytest.mark.integration

MASKED = Corpus.of(
    {
        "doc_id": f"{place}-{n}",
        "title": "",
        "text": f"The {what} of the town was opened in {year} by the mayor of {place}.",
    }
    for place, year in (("Aston", 1901), ("Burley", 1932), ("Corby", 1958))
    for n, what in enumerate(("bridge", "library", "station"))
)


def steps_of(run: Path) -> list[dict[str, Any]]:
    return json.loads((run / "report.json").read_text("utf-8"))["steps"]


@pytest.mark.parametrize("recipe", [dro, iterr, rcr], ids=lambda r: r.__name__)
def test_they_name_no_model(recipe) -> None:
    assert list(refs_of((recipe().steps, recipe().judge))) == []
    assert recipe().steps[0] == students.Sequential()


def test_iterr_learns_what_each_example_adds(programs, models, tmp_path: Path) -> None:
    """[051]: PPO's terms at ρ = 1.5, A = 1 and ρ = .5, A = −1 are 1.2 and −.8: −(1.2 − .8) / 2."""
    _, learns = iterr().steps[-1].steps
    assert (learns.by, learns.learns) == ("student", "values")
    scores = 0.05 * torch.tensor([[0.75, 0.25]]).log()
    loss = learns.loop.loss(scores, torch.tensor([[1.0, -1.0]]), torch.ones(1, 2).bool())
    assert learns.loop.loss == losses.PPO(clip=0.2, temperature=0.05)
    assert loss.item() == pytest.approx(-0.2)
    recipe = replace(iterr(queries=12, held_out=2, picks=2, rollouts=2, steps=2), judge=None)
    outcome = acclimate.adapt(recipe, programs, models.encoder, out=tmp_path / "run")
    picked = [s for s in steps_of(outcome.run) if s["name"] == "StepByStep"]
    assert len({step["key"] for step in picked}) == 2
    for step in picked:
        told = step["notes"]["picks"]
        assert told["rollouts"] == 2 * told["queries"]
        assert len(told["gains"]) == 1
    state = map_of(outcome.encoder)
    assert state is not None
    assert state.any()


def test_rcr_shows_covering_sequences_and_then_compares_its_own(
    programs, models, tmp_path: Path
) -> None:
    """[047]: rewards 1, .5, .5, 0 of a group are advantages of 1.4142, 0, 0, −1.4142."""
    (_, shown), (_, tried) = rcr().steps[-1].stages
    assert (shown.by, shown.learns) == ("teacher", "picks")
    assert shown.labeller == labellers.Covered(target="output")
    assert (tried.learns, tried.rollouts) == ("rollouts", 8)
    rewards = torch.tensor([[1.0, 0.5, 0.5, 0.0]])
    told = tried.loop.loss.advantages(rewards, torch.ones(1, 4, dtype=torch.bool))
    assert told[0].tolist() == pytest.approx([2**0.5, 0, 0, -(2**0.5)], abs=1e-6)
    recipe = replace(rcr(queries=12, held_out=2, depth=5, picks=2, group=3, steps=2), judge=None)
    outcome = acclimate.adapt(recipe, programs, models.encoder, out=tmp_path / "run")
    first, second = (
        s["notes"]["picks"] for s in steps_of(outcome.run) if s["name"] == "StepByStep"
    )
    assert first["rollouts"] == first["queries"]
    assert all(gain > 0 for gain in first["gains"])
    assert second["rollouts"] == 3 * second["queries"]


def test_dro_weighs_orders_by_the_answer_and_serves_an_order(models, tmp_path: Path) -> None:
    """[058]: likelihoods −1, −2, −4 are weights .705385, .259496, .035119; five rounds of 8."""
    rounds = dro().steps[-1]
    *_, learns = rounds.steps
    assert (rounds.rounds, learns.rollouts, learns.picks, learns.loop.candidates) == (5, 8, 5, 20)
    told = torch.tensor([[-1.0, -2.0, -4.0]])
    weights = learns.loop.loss.weights(told, torch.ones(1, 3, dtype=torch.bool))
    assert weights[0].tolist() == pytest.approx([0.705385, 0.259496, 0.035119], abs=5e-7)
    small = dro(queries=9, held_out=2, picks=2, samples=3, steps=2, rounds=2)
    outcome = acclimate.adapt(
        replace(small, judge=None), MASKED, models.encoder, out=tmp_path / "run"
    )
    drawn = [s["notes"]["picks"] for s in steps_of(outcome.run) if s["name"] == "StepByStep"]
    assert [of["rollouts"] / of["queries"] for of in drawn] == [3, 3]
    corpus = Corpus.open(outcome.run / "tables" / "corpus.arrow")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow").head(2)
    served = miners.StepByStep(miner=miners.WithStudent(depth=6), picks=2)
    student = Student(encoder=outcome.encoder)
    made = served(corpus, queries, student, Context())
    assert np.allclose(made["score"], [1.0, 0.5, 0.0] * 2)
    assert isinstance(learns, loops.StepByStep)
