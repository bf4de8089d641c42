"""Composites of loops train a tiny student, and are found again after a crash."""

from pathlib import Path
from typing import Any

import pytest

from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import Curriculum, Fit, MergeWeights, Rounds, SelfTraining, Staged
from acclimate.parts.losses import InfoNCE, KLDivergence, MarginMSE
from acclimate.parts.miners import RandomDocuments, Union, WithStudent
from acclimate.parts.part import Context, call, needs
from acclimate.pipeline.store import MANIFEST, Store
from acclimate.tables import Candidates
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

SMALL: dict[str, Any] = {
    "steps": 3, "batch": 4, "candidates": 3, "warmup": 1, "learning_rate": 1e-3,
}  # fmt: skip
DISTIL = Fit(loss=KLDivergence(), **SMALL)
CONTRAST = Fit(loss=InfoNCE(), **SMALL)
MARGINS = Fit(loss=MarginMSE(), **SMALL)
PARTS = (
    Curriculum(loops=(DISTIL, MARGINS), of="documents"),
    MergeWeights(loops=(DISTIL, MARGINS), how="average", share=0.5),
    SelfTraining(loop=DISTIL, rounds=2),
    Staged(stages=((RandomDocuments(count=2), SourceIsRelevant(), CONTRAST),) * 2),
)


def run(part: Any, student: Student, ctx: Context) -> Student:
    things = {**samples.things(), Student: student}
    inputs = {name: things[kind] for name, kind in needs(part).items()}
    result: Student = ctx.make(part, inputs, ctx)
    return result


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_it_trains(part: Any, student: Student, tmp_path: Path) -> None:
    after = run(part, student, Context(seed=5, engine=FakeEngine(), folder=tmp_path))
    assert after.start == student.encoder
    assert digest(Path(after.encoder.model)) != digest(Path(student.encoder.model))


def test_after_a_crash_the_trainings_inside_are_found_again(
    student: Student, tmp_path: Path
) -> None:
    """The first round was whole when the run was cut off; the second is made again, the same."""
    weights, made = [], []
    for _ in range(2):
        store = Store(tmp_path)
        ctx = Context(seed=5, engine=FakeEngine(), folder=tmp_path, make=store.make)
        after = run(SelfTraining(loop=DISTIL, rounds=2), student, ctx)
        weights.append(digest(Path(after.encoder.model)))
        made.append([(step.name, step.reused) for step in store.steps])
        second, whole = store.steps[1:]
        for step in (second, whole):
            (tmp_path / step.folder / MANIFEST).unlink()
    assert made[0] == [("Fit", False), ("Fit", False), ("SelfTraining", False)]
    assert made[1] == [("Fit", True), ("Fit", False), ("SelfTraining", False)]
    assert weights[0] == weights[1]


def mined(part: Any, student: Student, folder: Path) -> list[Candidates]:
    """What each search inside a composite found."""
    found: list[Candidates] = []

    def make(step: Any, inputs: Any, ctx: Context) -> Any:
        made = call(step, inputs, ctx)
        if isinstance(made, Candidates):
            found.append(made)
        return made

    run(part, student, Context(seed=5, engine=FakeEngine(), folder=folder, make=make))
    return found


def names(found: Candidates) -> set[str]:
    return {name for names in set(found["miner"]) for name in names.split("+")}


def test_close_and_random_documents_are_found_anew_by_the_student_as_it_has_become(
    student: Student, tmp_path: Path
) -> None:
    both = Union((WithStudent(depth=2), RandomDocuments(count=2)))
    steps = (both, SourceIsRelevant(), CONTRAST)
    first, second = mined(Rounds(steps=steps, rounds=2), student, tmp_path)
    assert names(first) == names(second) == {"student", "random"}
    close = [
        [(row["query_id"], row["score"]) for row in found.dicts() if "student" in row["miner"]]
        for found in mined(Rounds(steps=(WithStudent(depth=2), *steps[1:]), rounds=2), student,
                           tmp_path / "close")
    ]  # fmt: skip
    assert close[0] != close[1]


def test_a_second_pass_searches_with_the_student_of_the_first(
    student: Student, tmp_path: Path
) -> None:
    rest = (SourceIsRelevant(), CONTRAST)
    passes = ((RandomDocuments(count=2), *rest), (WithStudent(depth=2), *rest))
    easy, hard = mined(Staged(stages=passes), student, tmp_path / "two")
    assert (names(easy), names(hard)) == ({"random"}, {"student"})
    (before,) = mined(Rounds(steps=passes[1], rounds=1), student, tmp_path / "one")
    assert hard["score"] != before["score"]
