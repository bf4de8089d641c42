"""Staged: [021] and [036]: stretches of steps, one after the other."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import Staged
from acclimate.parts.part import Context, call
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import toys


@dataclass(frozen=True, kw_only=True)
class Crop:
    """Queries of a pre-training, made of the documents."""

    def __call__(self, corpus: Corpus) -> Queries:
        return Queries.columns(
            query_id=["crop"], text=corpus["text"][:1], split=["train"], source_doc_id=["bees"]
        )


@dataclass(frozen=True, kw_only=True)
class Label:
    def __call__(self, queries: Queries, corpus: Corpus) -> Labels:
        return Labels.columns(
            query_id=queries["query_id"], doc_id=corpus["doc_id"][: len(queries)],
            value=[1.0] * len(queries), teacher=["t"] * len(queries),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Learn:
    """The name of the student grows by the letter and by how many labels it saw."""

    letter: str

    def __call__(self, labels: Labels, student: Student) -> Student:
        name = f"{student.encoder.model}-{self.letter}{len(labels)}"
        return student.trained(replace(student.encoder, model=name))


PRETRAIN = (Crop(), Label(), Learn(letter="p"))
TUNE = (Label(), Learn(letter="t"))
DISTIL = (Label(), Learn(letter="d"))
STUDENT = Student(encoder=Dense("m"))


def test_the_student_passes_on_and_nothing_else_does() -> None:
    """The pre-training sees its one query, the later stages the twelve that were given."""
    part = Staged(stages=(PRETRAIN, TUNE, DISTIL))
    after = part(toys.CORPUS, toys.WRITTEN, STUDENT, Context())
    assert after.encoder.model == "m-p1-t12-d12"
    assert after.start.model == "m"


def test_each_stage_has_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        folders.append(ctx.folder)
        return call(part, inputs, ctx)

    ctx = Context(make=make, folder=tmp_path)
    Staged(stages=(TUNE, DISTIL))(toys.CORPUS, toys.WRITTEN, STUDENT, ctx)
    first, second = tmp_path / "stage-1" / "round-1", tmp_path / "stage-2" / "round-1"
    assert folders == [first] * 2 + [second] * 2


def test_a_stage_that_does_not_fit_is_refused_before_the_first_begins() -> None:
    with pytest.raises(RecipeError, match=r"Staged, stage 2: Rounds, step 1: Learn.*needs Labels"):
        Staged(stages=(TUNE, (Learn(letter="x"),)))


def test_a_stage_without_a_student_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"stage 1: .*loops\.Fit"):
        Staged(stages=((Label(),),))


def test_no_stage_is_refused() -> None:
    with pytest.raises(RecipeError, match="no stage"):
        Staged(stages=())
