"""llm_embedder from end to end: three tasks, a reward for each. [110]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.llm_embedder import llm_embedder
from acclimate.tables import Corpus, Queries

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((llm_embedder().steps, llm_embedder().judge))) == []


def test_every_task_has_an_instruction_and_a_reward_of_its_own() -> None:
    mixed, *_, rounds = llm_embedder().steps
    assert len({task.instruction for task in mixed.members}) == 3
    label = rounds.stages[0][2]
    assert [member.target for member in label.labellers] == ["answer", "source", "output"]
    assert filters.TeacherSpread(at_least=0.1) in rounds.stages[0]


def test_the_loss_of_the_paper() -> None:
    """[110]: w = (.7, .2, .1), logits (2, 1, 0): 0.34798."""
    import torch

    loss = llm_embedder().steps[-1].stages[0][-1].loss
    assert loss == losses.SequentialListwise(student_temperature=0.01)
    scores, targets = torch.tensor([[2.0, 1, 0]]) * 0.01, torch.tensor([[0.7, 0.2, 0.1]]).log()
    value = loss(scores.double(), targets.double(), torch.ones(1, 3, dtype=torch.bool))
    assert value.item() == pytest.approx(0.34798, abs=1e-5)


def test_a_batch_is_of_one_task(models, passages: Corpus, tmp_path: Path) -> None:
    """[110]: every batch holds one task, whose labels are its reader's."""
    recipe = llm_embedder(queries=60, held_out=3, depth=5, steps=2, batch=4, rounds=1)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), passages, models.encoder, out=tmp_path / "run"
    )
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    told = {step["name"]: step for step in steps}
    batches = outcome.run / told["HomogeneousBatches"]["folder"]
    queries = Queries.open(next(batches.glob("*.arrow"))).of_split("train")
    topics: dict[int, list[str]] = {}
    for kind, topic in zip(queries["kind"], queries["topic"], strict=True):
        topics.setdefault(topic, []).append(kind)
    assert all(len(kinds) == 4 and len(set(kinds)) == 1 for kinds in topics.values())
    assert len({kinds[0] for kinds in topics.values()}) > 1
    kinds = told["ByKind"]["notes"]["kinds"]
    assert set(kinds) == {"salient_mask", "next_chunk", "title_cloze"}
    assert all(kind["labels"] >= kind["queries"] > 0 for kind in kinds.values())
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
