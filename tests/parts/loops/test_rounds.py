"""Rounds: steps again and again with the student as it is then."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import Rounds
from acclimate.parts.part import Context, call
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import toys

SEEN: list[str] = []


@dataclass(frozen=True, kw_only=True)
class Mine:
    def __call__(self, corpus: Corpus, queries: Queries, student: Student) -> Candidates:
        SEEN.append(f"mined with {student.encoder.model}")
        return Candidates.columns(
            query_id=queries["query_id"][:1], doc_id=corpus["doc_id"][:1], rank=[1], score=[0.0],
            is_source=[True], miner=["m"],
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Label:
    def __call__(self, candidates: Candidates) -> Labels:
        return Labels.columns(
            query_id=candidates["query_id"], doc_id=candidates["doc_id"], value=[1.0], teacher=["t"]
        )


@dataclass(frozen=True, kw_only=True)
class Learn:
    def __call__(self, labels: Labels, student: Student) -> Student:
        assert len(labels) == 1
        return student.trained(replace(student.encoder, model=student.encoder.model + "+"))


STEPS = (Mine(), Label(), Learn())
STUDENT = Student(encoder=Dense("m"))


def test_each_round_mines_with_the_student_of_the_round_before() -> None:
    SEEN.clear()
    after = Rounds(steps=STEPS, rounds=3)(toys.CORPUS, toys.WRITTEN, STUDENT, Context())
    assert SEEN == ["mined with m", "mined with m+", "mined with m++"]
    assert after.encoder.model == "m+++"
    assert after.start.model == "m"


def test_every_step_goes_through_the_runs_make() -> None:
    made: list[str] = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        made.append(type(part).__name__)
        return call(part, inputs, ctx)

    Rounds(steps=STEPS, rounds=2)(toys.CORPUS, toys.WRITTEN, STUDENT, Context(make=make))
    assert made == ["Mine", "Label", "Learn"] * 2


def test_each_round_has_a_folder_of_its_own(tmp_path: Any) -> None:
    folders = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        folders.append(ctx.folder)
        return call(part, inputs, ctx)

    ctx = Context(make=make, folder=tmp_path)
    Rounds(steps=STEPS, rounds=2)(toys.CORPUS, toys.WRITTEN, STUDENT, ctx)
    assert folders == [tmp_path / "round-1"] * 3 + [tmp_path / "round-2"] * 3


def test_a_recipe_takes_rounds_after_queries() -> None:
    recipe = Recipe("rounds", (Rounds(steps=STEPS),), brings=(Corpus, Queries, Student))
    assert recipe.steps[0] == Rounds(steps=STEPS, rounds=2)


def test_steps_that_do_not_fit_are_refused_before_anything_is_made() -> None:
    with pytest.raises(RecipeError, match=r"step 1: Label.*needs Candidates"):
        Rounds(steps=(Label(), Learn()))


def test_steps_without_a_student_are_refused() -> None:
    with pytest.raises(RecipeError, match=r"loops\.Fit"):
        Rounds(steps=(Mine(), Label()))


def test_no_round_is_refused() -> None:
    with pytest.raises(RecipeError, match="Give 1 or more"):
        Rounds(steps=STEPS, rounds=0)


def test_with_a_restart_each_training_begins_where_all_began() -> None:
    SEEN.clear()
    rounds = Rounds(steps=(Mine(), Label(), Learn()), rounds=3, restart=True)
    after = rounds(toys.CORPUS, toys.WRITTEN, STUDENT, Context())
    assert SEEN == ["mined with m", "mined with m+", "mined with m+"]
    assert after.encoder.model == "m+"
    assert after.start.model == "m"


@dataclass(frozen=True, kw_only=True)
class Add:
    """One more candidate each round."""

    def __call__(self, corpus: Corpus, queries: Queries, candidates: Candidates) -> Candidates:
        SEEN.append(f"began with {len(candidates)}")
        count = len(candidates) + 1
        return Candidates.columns(
            query_id=queries["query_id"][:1] * count, doc_id=corpus["doc_id"][:count],
            rank=range(1, count + 1), score=[0.0] * count, is_source=[False] * count,
            miner=["m"] * count,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LearnOfAll:
    def __call__(self, candidates: Candidates, student: Student) -> Student:
        return student.trained(replace(student.encoder, model=f"after {len(candidates)}"))


def test_candidates_are_carried_from_round_to_round() -> None:
    SEEN.clear()
    rounds = Rounds(steps=(Add(), LearnOfAll()), rounds=3, carry=True)
    after = rounds(toys.CORPUS, toys.WRITTEN, STUDENT, Context())
    assert SEEN == ["began with 0", "began with 1", "began with 2"]
    assert after.encoder.model == "after 3"


def test_what_adds_to_candidates_needs_them_carried() -> None:
    with pytest.raises(RecipeError, match=r"step 1: Add.*needs Candidates"):
        Rounds(steps=(Add(), LearnOfAll()))
