"""Before: a loss that looks back is told the scores the student came with. [040] [047] [051]"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import Fit
from acclimate.parts.loops import _before as looking
from acclimate.parts.loops._before import before
from acclimate.parts.losses import DPO, GRPO, PPO, InfoNCE, RenyiBound, SampledSoftmax, WeightedSum
from acclimate.parts.part import Context, Loss
from acclimate.parts.students import QuerySide
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_scorer

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
TABLES = (THINGS[Corpus], THINGS[Queries], THINGS[Labels])
FIT = Fit(loss=GRPO(), steps=6, batch=12, candidates=4, warmup=1, learning_rate=1e-3)


def learner_of(part: Fit, student: Student) -> Any:
    ctx = Context(seed=1, engine=FakeEngine())
    groups = part._groups(*TABLES, ctx)
    return part._learner(*TABLES[:2], groups, student, ctx)


def trained(part: Fit, student: Student, folder: Path, **more: Any) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder, **more)
    return part(*TABLES, student, ctx), ctx


@pytest.mark.parametrize("kind", ["encoder", "frozen documents", "reranker"])
def test_the_reference_are_the_students_own_scores(
    kind: str, student: Student, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every labelled document, in whichever pieces they are computed."""
    if kind == "frozen documents":
        student = replace(student, shape=QuerySide())
    if kind == "reranker":
        student = Student(encoder=tiny_scorer(tmp_path, texts=toys.CORPUS.contents))
    monkeypatch.setattr(looking, "TOGETHER", 5)
    learner = learner_of(FIT, student)
    learner.scale = 3.0
    learner.material = replace(learner.material, groups=before(learner))
    drawn = learner.material.draw(np.arange(15))
    with torch.no_grad():
        scores = learner.scores(drawn).numpy()
    assert drawn.reference is not None
    assert np.allclose(drawn.reference[drawn.mask], scores[drawn.mask], atol=1e-5)
    assert np.ptp(drawn.reference[drawn.mask]) > 0.01


@pytest.mark.parametrize(
    ("loss", "value"),
    [(GRPO(), 0.0), (PPO(), 0.0), (DPO(), np.log(2)),
     (WeightedSum(terms=(DPO(), GRPO()), weights=(2.0, 1.0)), 2 * np.log(2))],
    ids=["GRPO", "PPO", "DPO", "sum"],
)  # fmt: skip
def test_the_first_update_begins_at_the_policy_before(
    loss: Loss, value: float, student: Student, tmp_path: Path
) -> None:
    """[040] At π = π_ref DPO costs ln 2; ratios are 1, and advantages sum to 0: [047], [051]."""
    _, ctx = trained(replace(FIT, loss=loss), student, tmp_path)
    losses = ctx.notes["curve"]["loss"]
    assert losses[0] == pytest.approx(value, abs=1e-4)
    assert losses[-1] < losses[0] - 1e-3


def test_a_killed_training_looks_back_to_where_it_began(
    student: Student, tmp_path: Path, killed_at: Any
) -> None:
    """Bit for bit: not to the weights it goes on from."""
    part = replace(FIT, save_every=2)
    whole, _ = trained(part, student, tmp_path / "whole")
    killed_at(5, lambda track: trained(part, student, tmp_path / "cut", track=track))
    assert (tmp_path / "cut" / "checkpoints" / "checkpoint-4").is_dir()
    resumed, _ = trained(part, student, tmp_path / "cut")
    one, two = (digest(Path(after.encoder.model)) for after in (resumed, whole))
    assert one == two


def test_other_losses_are_told_nothing(student: Student) -> None:
    drawn = learner_of(replace(FIT, loss=InfoNCE()), student).material.draw(np.arange(4))
    assert drawn.reference is None


def test_what_looks_back_cannot_look_at_the_whole_batch() -> None:
    both = WeightedSum(terms=(GRPO(), InfoNCE(in_batch=True)), weights=(1.0, 1.0), own=4)
    with pytest.raises(RecipeError, match="looks back at scores of a query's own documents"):
        replace(FIT, loss=both)


def test_references_of_two_kinds_are_no_sum() -> None:
    with pytest.raises(RecipeError, match="others how documents were drawn"):
        WeightedSum(terms=(RenyiBound(), SampledSoftmax()), weights=(1.0, 1.0))
