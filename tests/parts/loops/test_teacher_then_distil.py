"""TeacherThenDistil: a teacher learns first, then teaches. [018] [081] [087] [119]"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts._pairs import pairs
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import Fit, Rounds, TeacherThenDistil
from acclimate.parts.losses import KLDivergence, ListSoftmaxCE
from acclimate.parts.miners import RandomDocuments
from acclimate.parts.part import Context, call, needs
from acclimate.parts.students import Reranker
from acclimate.pipeline.store import MANIFEST, Store
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEncoder, FakeEngine

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
TABLES = (THINGS[Corpus], THINGS[Queries], THINGS[Candidates], THINGS[Labels])
SMALL: dict[str, Any] = {
    "steps": 3, "batch": 4, "candidates": 3, "warmup": 1, "learning_rate": 1e-3,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Learn:
    """Writes down what it saw; vectors change with every training."""

    mark: str
    seen: ClassVar[list[tuple[str, str, tuple[str, ...], list[float]]]] = []

    def __call__(self, queries: Queries, labels: Labels, student: Student) -> Student:
        encoder = cast(FakeEncoder, student.encoder)
        teachers = tuple(sorted(set(labels["teacher"])))
        self.seen.append((self.mark, encoder.salt, teachers, labels["value"]))
        return student.trained(cast(Dense, replace(encoder, salt=encoder.salt + self.mark)))


@dataclass(frozen=True, kw_only=True)
class NeedsCandidates:
    def __call__(self, candidates: Candidates, student: Student) -> Student:
        return student


STUDENT = Student(
    encoder=cast(Dense, FakeEncoder(salt="now")), base=cast(Dense, FakeEncoder(salt="start"))
)
FIRST = TeacherThenDistil(teaching=Learn(mark="t"), loop=Learn(mark="s"))


def run(part: TeacherThenDistil, student: Student, **settings: Any) -> Student:
    Learn.seen.clear()
    return part(*TABLES, student, Context(engine=FakeEngine(), **settings))


def cosines(encoder: FakeEncoder) -> list[float]:
    engine, (corpus, queries, candidates, _) = FakeEngine(), TABLES
    asked, found = pairs(corpus, queries, candidates)
    one = engine.encode(encoder, queries["text"], kind="query")[asked]
    other = engine.encode(encoder, corpus.contents, kind="document")[found]
    return [float(x) for x in (one * other).sum(axis=1)]


def test_the_teacher_sees_the_labels_and_the_student_the_teachers_scores_of_all_candidates() -> (
    None
):
    """The teacher starts where the student started, and the student goes on from where it is."""
    after = run(FIRST, STUDENT)
    (one, began, teachers, values), (other, went_on, taught, told) = Learn.seen
    assert (one, began, teachers, values) == ("t", "start", ("sample",), THINGS[Labels]["value"])
    assert (other, went_on) == ("s", "now")
    assert told == pytest.approx(cosines(FakeEncoder(salt="startt")), abs=1e-6)
    assert len(taught) == 1
    assert taught[0].startswith("teacher ")
    assert cast(FakeEncoder, after.encoder).salt == "nows"
    assert cast(FakeEncoder, after.beside).salt == "startt"
    assert after.start == STUDENT.start


def test_the_teacher_may_start_from_a_model_of_its_own() -> None:
    run(replace(FIRST, base=cast(Dense, FakeEncoder(salt="large"))), STUDENT)
    assert [salt for _, salt, _, _ in Learn.seen] == ["large", "now"]


@pytest.mark.parametrize(("goes_on", "second"), [(False, "start"), (True, "startt")])
def test_in_rounds_a_teacher_begins_anew_or_goes_on(goes_on: bool, second: str) -> None:
    """[018]: ranker and retriever in turns, each from where it was."""
    Learn.seen.clear()
    steps = (RandomDocuments(count=2), SourceIsRelevant(), replace(FIRST, goes_on=goes_on))
    ctx = Context(engine=FakeEngine())
    Rounds(steps=steps, rounds=2)(THINGS[Corpus], THINGS[Queries], STUDENT, ctx)
    assert [(mark, salt) for mark, salt, _, _ in Learn.seen] == [
        ("t", "start"), ("s", "now"), ("t", second), ("s", "nows"),
    ]  # fmt: skip


def test_the_two_trainings_have_folders_of_their_own(tmp_path: Path) -> None:
    folders = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        folders.append(ctx.folder)
        return call(part, inputs, ctx)

    run(FIRST, STUDENT, make=make, folder=tmp_path)
    assert folders == [tmp_path / "teacher", tmp_path / "student"]


def test_loops_that_need_more_are_refused() -> None:
    with pytest.raises(RecipeError, match=r"TeacherThenDistil: NeedsCandidates.*needs Candidates"):
        TeacherThenDistil(teaching=NeedsCandidates(), loop=Learn(mark="s"))


DISTIL = TeacherThenDistil(
    teaching=Fit(loss=ListSoftmaxCE(), **SMALL),
    loop=Fit(loss=KLDivergence(), **SMALL),
    shape=Reranker(training_tokens=32),
)


def in_run(student: Student, folder: Path) -> tuple[Student, Store]:
    store = Store(folder)
    ctx = Context(seed=5, engine=FakeEngine(), folder=folder, make=store.make)
    things = {**THINGS, Student: student}
    inputs = {name: things[kind] for name, kind in needs(DISTIL).items()}
    after: Student = ctx.make(DISTIL, inputs, ctx)
    return after, store


def test_a_cross_encoder_is_made_trained_and_then_found_again(
    student: Student, tmp_path: Path
) -> None:
    """[087]: the ranker then distils a retriever. After a crash only what was cut off is made."""
    after, store = in_run(student, tmp_path)
    assert isinstance(after.beside, CrossEncoder)
    assert after.start == student.encoder
    assert [step.name for step in store.steps] == ["Fit", "Fit", "TeacherThenDistil"]
    for step in store.steps[1:]:
        (tmp_path / step.folder / MANIFEST).unlink()
    again, second = in_run(student, tmp_path)
    assert [(step.name, step.reused) for step in second.steps] == [
        ("Fit", True), ("Fit", False), ("TeacherThenDistil", False),
    ]  # fmt: skip
    assert digest(Path(again.encoder.model)) == digest(Path(after.encoder.model))
    third, _ = in_run(student, tmp_path)
    assert third == again


def test_what_the_student_is_told_are_the_rankers_own_scores(
    student: Student, tmp_path: Path
) -> None:
    """[119]: the reranker's values feed the distillation of lists."""
    told: list[Labels] = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        told.append(inputs["labels"])
        return call(part, inputs, ctx)

    ctx = Context(seed=5, engine=FakeEngine(), folder=tmp_path, make=make)
    after = DISTIL(*TABLES, student, ctx)
    corpus, queries, candidates, labels = TABLES
    assert told[0] is labels
    asked, found = pairs(corpus, queries, candidates)
    assert after.beside is not None
    scores = after.beside.open("cpu").score(
        [queries["text"][row] for row in asked], [corpus.contents[row] for row in found]
    )
    np.testing.assert_allclose(told[1].array("value"), scores, rtol=1e-4, atol=1e-5)
