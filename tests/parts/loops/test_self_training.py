"""SelfTraining: [068]: the student labels, a fresh copy learns through noise."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import SelfTraining
from acclimate.parts.loops.self_training import self_labels
from acclimate.parts.losses import KLDivergence
from acclimate.parts.part import Context, call
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

THINGS = samples.things()


@dataclass(frozen=True, kw_only=True)
class Learn:
    """Writes down what it saw; its student's vectors change with every training."""

    seen: ClassVar[list[tuple[str, list[str], list[float]]]] = []

    def __call__(self, queries: Queries, labels: Labels, student: Student) -> Student:
        encoder = cast(FakeEncoder, student.encoder)
        self.seen.append((encoder.salt, queries["text"], labels["value"]))
        return student.trained(cast(Dense, replace(encoder, salt=encoder.salt + "+")))


@dataclass(frozen=True, kw_only=True)
class NeedsCandidates:
    def __call__(self, candidates: Candidates, student: Student) -> Student:
        return student


STUDENT = Student(
    encoder=cast(Dense, FakeEncoder(salt="trained")), base=cast(Dense, FakeEncoder(salt="start"))
)


def run(part: SelfTraining, things: Any = THINGS, **settings: Any) -> tuple[Student, Context]:
    Learn.seen.clear()
    ctx = Context(engine=FakeEngine(), **settings)
    tables = (things[Corpus], things[Queries], things[Candidates])
    return part(*tables, STUDENT, ctx), ctx


def labels_of(encoder: FakeEncoder) -> list[float]:
    student = Student(encoder=cast(Dense, encoder))
    tables = (THINGS[Corpus], THINGS[Queries], THINGS[Candidates])
    return self_labels(*tables, student, Context(engine=FakeEngine()))["value"]


def test_the_distillation_of_noisy_self_training() -> None:
    """[068]: teacher (2, 0), student (1, 0): p = (0.880797, 0.119203), q = (0.731059, …)."""
    loss = KLDivergence(teacher_temperature=1.0, student_temperature=1.0)
    mask = torch.ones(1, 2, dtype=torch.bool)
    value = loss(torch.tensor([[1.0, 0]]).double(), torch.tensor([[2.0, 0]]).double(), mask)
    assert value.item() == pytest.approx(0.067131, abs=1e-6)


def test_the_teacher_is_the_student_and_reads_clean_queries() -> None:
    """The labels of a round are those of the student before it, without noise."""
    run(SelfTraining(loop=Learn(), noise="delete", share=0.5))
    (_, first, before), (_, second, between) = Learn.seen
    assert before == labels_of(FakeEncoder(salt="trained"))
    assert between == labels_of(FakeEncoder(salt="start+"))
    clean = THINGS[Queries]["text"]
    assert first != clean
    assert second not in (clean, first)


def test_labels_are_the_cosines_of_the_candidates() -> None:
    encoder, engine = FakeEncoder(), FakeEngine()
    query, document = THINGS[Queries]["text"][3], toys.CORPUS.contents
    row = THINGS[Candidates].dicts()[0]
    row_of = {name: n for n, name in enumerate(toys.CORPUS["doc_id"])}
    query = dict(zip(THINGS[Queries]["query_id"], THINGS[Queries]["text"], strict=True))[
        row["query_id"]
    ]
    one = engine.encode(encoder, [query], kind="query")[0]
    other = engine.encode(encoder, [document[row_of[row["doc_id"]]]], kind="document")[0]
    assert labels_of(encoder)[0] == pytest.approx(float(one @ other), abs=1e-6)


def test_each_round_begins_at_the_start() -> None:
    last, ctx = run(SelfTraining(loop=Learn(), rounds=3))
    assert [salt for salt, _, _ in Learn.seen] == ["start"] * 3
    assert cast(FakeEncoder, last.encoder).salt == "start+"
    assert last.start == STUDENT.start
    assert [told["labels"] for told in ctx.notes["rounds"]] == [len(THINGS[Candidates])] * 3


def test_or_where_the_last_one_ended() -> None:
    last, _ = run(SelfTraining(loop=Learn(), rounds=2, restart=False))
    assert [salt for salt, _, _ in Learn.seen] == ["trained", "trained+"]
    assert cast(FakeEncoder, last.encoder).salt == "trained++"


def test_without_noise_the_queries_are_as_they_were() -> None:
    _, ctx = run(SelfTraining(loop=Learn(), noise="none", rounds=1))
    assert Learn.seen[0][1] == THINGS[Queries]["text"]
    assert ctx.notes["rounds"][0]["queries with noise"] == 0


def test_held_out_queries_are_never_noised_and_none_becomes_empty() -> None:
    written = THINGS[Queries]
    split = ["heldout"] * 3 + ["train"] * (len(written) - 3)
    held = Queries(written.rows.drop_columns("split").append_column("split", [split]))
    run(SelfTraining(loop=Learn(), noise="mask", share=1.0, mask="?"), {**THINGS, Queries: held})
    asked = Learn.seen[0][1]
    assert asked[:3] == written["text"][:3]
    assert all(set(text.split()) == {"?"} for text in asked[3:])
    run(SelfTraining(loop=Learn(), noise="delete", share=1.0))
    assert Learn.seen[0][1] == written["text"]


def test_the_noise_of_a_query_does_not_depend_on_the_others() -> None:
    few = {**THINGS, Queries: THINGS[Queries].head(3)}
    few[Candidates] = THINGS[Candidates].following(few[Queries])
    part = SelfTraining(loop=Learn(), rounds=1, share=0.5)
    run(part)
    everything = Learn.seen[0][1]
    run(part, few)
    assert Learn.seen[0][1] == everything[:3]


def test_every_training_goes_through_the_runs_make_in_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        folders.append(ctx.folder)
        return call(part, inputs, ctx)

    run(SelfTraining(loop=Learn()), make=make, folder=tmp_path)
    assert folders == [tmp_path / "round-1", tmp_path / "round-2"]


def test_settings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(RecipeError, match="Give 1 or more"):
        SelfTraining(loop=Learn(), rounds=0)
    with pytest.raises(RecipeError, match="between 0 and 1"):
        SelfTraining(loop=Learn(), share=1.5)
    with pytest.raises(RecipeError, match="needs Candidates"):
        SelfTraining(loop=NeedsCandidates())
