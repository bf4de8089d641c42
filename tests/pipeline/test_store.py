"""The store keeps each step by what it depends on, and finds it again after any end."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from acclimate.errors import StoreError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.pipeline.store import Step, Store, keep_student, load_student, write_json
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

CALLS: Counter[str] = Counter()


@dataclass(frozen=True, kw_only=True)
class First:
    """The first documents."""

    count: int = 3

    def __call__(self, corpus: Corpus, ctx: Context) -> Corpus:
        CALLS["First"] += 1
        ctx.note("dropped", {"behind the first": len(corpus) - self.count})
        ctx.engine.encode(FakeEncoder(), corpus.contents, kind="document")
        return corpus.head(self.count)


@dataclass(frozen=True, kw_only=True)
class Trains:
    """Saves weights in its folder."""

    def __call__(self, student: Student, ctx: Context) -> Student:
        CALLS["Trains"] += 1
        assert ctx.folder is not None
        weights = ctx.folder / "model"
        weights.mkdir(exist_ok=True)
        (weights / "config.json").write_text('{"trained": true}')
        return student.trained(Dense(str(weights)))


@dataclass(frozen=True, kw_only=True)
class Twice:
    """Two steps inside one."""

    def __call__(self, corpus: Corpus, ctx: Context) -> Corpus:
        CALLS["Twice"] += 1
        some = ctx.make(First(count=5), {"corpus": corpus}, ctx)
        few: Corpus = ctx.make(First(count=2), {"corpus": some}, ctx)
        return few


@dataclass(frozen=True, kw_only=True)
class Dies:
    """Is killed after writing something."""

    def __call__(self, corpus: Corpus, ctx: Context) -> Corpus:
        assert ctx.folder is not None
        seen = (ctx.folder / "checkpoint").exists()
        (ctx.folder / "checkpoint").write_text("half")
        if not seen:
            raise KeyboardInterrupt
        return corpus


@pytest.fixture
def store(tmp_path: Path) -> Store:
    CALLS.clear()
    return Store(tmp_path / "run")


def context(store: Store, **settings: object) -> Context:
    return replace(Context(engine=FakeEngine(), make=store.make), **settings)  # type: ignore[arg-type]


def student(folder: Path) -> Student:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}")
    return Student(encoder=Dense(str(folder)))


def test_a_step_is_made_once_and_found_by_another_store(store: Store) -> None:
    made = store.make(First(), {"corpus": toys.CORPUS}, context(store))
    again = Store(store.folder)
    found = again.make(First(), {"corpus": toys.CORPUS}, context(again))
    assert isinstance(made, Corpus)
    assert isinstance(found, Corpus)
    assert found.digest == made.digest == toys.CORPUS.head(3).digest
    assert CALLS["First"] == 1
    assert [s.reused for s in (*store.steps, *again.steps)] == [False, True]


@pytest.mark.parametrize("what", ["setting", "input", "seed"])
def test_another_setting_input_or_seed_makes_the_step_again(store: Store, what: str) -> None:
    store.make(First(), {"corpus": toys.CORPUS}, context(store))
    part = First(count=2) if what == "setting" else First()
    corpus = toys.CORPUS.head(6) if what == "input" else toys.CORPUS
    store.make(part, {"corpus": corpus}, context(store, seed=int(what == "seed")))
    assert CALLS["First"] == 2


def test_a_manifest_says_rows_and_notes(store: Store) -> None:
    store.make(First(), {"corpus": toys.CORPUS}, context(store))
    step = store.steps[0]
    assert (step.name, step.gave, step.rows_in, step.rows_out) == (
        "First", "Corpus", {"Corpus": 12}, 3,
    )  # fmt: skip
    assert step.notes == {"dropped": {"behind the first": 9}}
    saved = json.loads((store.folder / step.folder / "manifest.json").read_text())
    assert Step(**{**saved, "inside": tuple(saved["inside"])}) == step


def test_a_killed_step_leaves_no_manifest_and_finds_what_it_wrote(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.make(Dies(), {"corpus": toys.CORPUS}, context(store))
    assert not list(store.folder.glob("steps/*/manifest.json"))
    again = Store(store.folder)
    result = again.make(Dies(), {"corpus": toys.CORPUS}, context(again))
    assert isinstance(result, Corpus)
    assert len(result) == 12
    assert not again.steps[0].reused


def test_steps_inside_a_step_are_told_too_and_again_when_it_is_found(store: Store) -> None:
    store.make(Twice(), {"corpus": toys.CORPUS}, context(store))
    again = Store(store.folder)
    again.make(Twice(), {"corpus": toys.CORPUS}, context(again))
    for steps in (store.steps, again.steps):
        assert [(s.name, s.rows_out, s.depth) for s in steps] == [
            ("First", 5, 1), ("First", 2, 1), ("Twice", 2, 0),
        ]  # fmt: skip
    assert CALLS == {"First": 2, "Twice": 1}


def test_a_composite_that_was_killed_finds_its_finished_steps(store: Store) -> None:
    ctx = context(store)
    store.make(First(count=5), {"corpus": toys.CORPUS}, ctx)
    store.make(Twice(), {"corpus": toys.CORPUS}, ctx)
    assert CALLS["First"] == 2


@pytest.mark.parametrize("damage", ["table gone", "table cut", "manifest cut"])
def test_a_damaged_result_is_made_again(store: Store, damage: str) -> None:
    store.make(First(), {"corpus": toys.CORPUS}, context(store))
    folder = store.folder / store.steps[0].folder
    if damage == "table gone":
        (folder / "table.arrow").unlink()
    elif damage == "table cut":
        (folder / "table.arrow").write_bytes(b"ARROW1")
    else:
        (folder / "manifest.json").write_text('{"key": ')
    again = Store(store.folder)
    result = again.make(First(), {"corpus": toys.CORPUS}, context(again))
    assert isinstance(result, Corpus)
    assert len(result) == 3
    assert CALLS["First"] == 2
    assert not again.steps[0].reused


def test_a_student_whose_weights_are_gone_is_trained_again(store: Store, tmp_path: Path) -> None:
    inputs = {"student": student(tmp_path / "base")}
    made = store.make(Trains(), inputs, context(store))
    assert isinstance(made, Student)
    shutil.rmtree(made.encoder.model)
    again = Store(store.folder)
    again.make(Trains(), inputs, context(again))
    assert CALLS["Trains"] == 2


def test_a_run_that_was_moved_is_found(store: Store, tmp_path: Path) -> None:
    inputs = {"student": student(tmp_path / "base")}
    store.make(Trains(), inputs, context(store))
    moved = tmp_path / "elsewhere"
    shutil.move(store.folder, moved)
    again = Store(moved)
    found = again.make(Trains(), inputs, context(again))
    assert isinstance(found, Student)
    assert Path(found.encoder.model).is_relative_to(moved)
    assert found.start == inputs["student"].encoder
    assert CALLS["Trains"] == 1


def test_a_student_is_kept_with_its_start(tmp_path: Path) -> None:
    base = student(tmp_path / "base")
    trained = base.trained(student(tmp_path / "run" / "weights").encoder)
    keep_student(tmp_path / "run" / "student.json", trained, tmp_path / "run")
    assert str(tmp_path / "run") not in (tmp_path / "run" / "student.json").read_text()
    assert load_student(tmp_path / "run" / "student.json", tmp_path / "run") == trained


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Choose another folder with --out"):
        Store(tmp_path / "file" / "run")


def test_json_is_whole_or_not_there(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"a": 1})
    with pytest.raises(StoreError, match="cannot be kept as JSON"):
        write_json(tmp_path / "a.json", {"a": object()})
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_half_a_character_pair_does_not_stop_a_report(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"a": "broken \ud800 text"})
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": "broken ? text"}


def test_steps_are_values() -> None:
    assert dataclasses.is_dataclass(Step)
    assert Queries.empty().digest == Queries.empty().digest
