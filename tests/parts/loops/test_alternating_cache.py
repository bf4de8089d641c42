"""AlternatingCache: a frozen tower's vectors stay, and change when its turn comes. [035]"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from acclimate.errors import RecipeError, StoreError
from acclimate.models.encoders.multi_vector import MultiVector
from acclimate.models.student import Student
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import AlternatingCache, Fit
from acclimate.parts.loops._towers import turned, turned_tables
from acclimate.parts.losses import InfoNCE
from acclimate.parts.part import Context, needs
from acclimate.pipeline.store import MANIFEST, Store
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
CORPUS, QUERIES = THINGS[Corpus], THINGS[Queries]
LABELS = SourceIsRelevant()(CORPUS, QUERIES, THINGS[Candidates], Context())
LOOP = Fit(
    loss=InfoNCE(in_batch=True), steps=3, batch=4, candidates=3, warmup=1, learning_rate=1e-3
)


@dataclass(frozen=True, kw_only=True)
class Learn:
    """Writes down what it saw."""

    seen: ClassVar[list[tuple[Corpus, Queries, Labels]]] = []

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student
    ) -> Student:
        self.seen.append((corpus, queries, labels))
        return student


def run(turns: int, student: Student, folder: Path) -> Student:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    return AlternatingCache(loop=LOOP, turns=turns)(CORPUS, QUERIES, LABELS, student, ctx)


def vectors(student: Student, kind: Any) -> Any:
    return student.encoder.open("cpu").encode(CORPUS.contents, kind=kind)


def test_a_frozen_towers_vectors_equal_those_kept_and_change_when_its_turn_comes(
    student: Student, tmp_path: Path
) -> None:
    """[035]: the greatest difference is 0 while it is frozen, and above 0 after the swap."""
    first = run(1, student, tmp_path / "one")
    assert np.array_equal(vectors(first, "document"), vectors(student, "document"))
    assert not np.allclose(vectors(first, "query"), vectors(student, "query"), atol=1e-4)
    second = run(2, student, tmp_path / "two")
    assert np.array_equal(vectors(second, "query"), vectors(first, "query"))
    assert not np.allclose(vectors(second, "document"), vectors(first, "document"), atol=1e-4)
    assert second.start == student.encoder


def test_the_side_that_is_kept_is_encoded_once_and_not_trained(
    student: Student, tmp_path: Path
) -> None:
    engine = FakeEngine()
    ctx = Context(seed=1, engine=engine, folder=tmp_path)
    AlternatingCache(loop=LOOP, turns=1)(CORPUS, QUERIES, LABELS, student, ctx)
    assert engine.calls["encode"] == len(CORPUS)


def test_documents_ask_for_their_queries() -> None:
    """Each source asks for the first query written from it; the labels say the same of a pair."""
    texts, asking, told = turned_tables(CORPUS, QUERIES, LABELS)
    assert (texts["doc_id"], texts.contents) == (QUERIES["query_id"], QUERIES["text"])
    source = dict(zip(QUERIES["query_id"], QUERIES["source_doc_id"], strict=True))
    for row in asking.dicts():
        assert source[row["source_doc_id"]] == row["query_id"]
        assert row["text"] == CORPUS.contents[CORPUS.position[row["query_id"]]]
    pairs = {(r["query_id"], r["doc_id"]): r["value"] for r in LABELS.dicts()}
    back = {(r["doc_id"], r["query_id"]): r["value"] for r in told.dicts()}
    assert back == {pair: value for pair, value in pairs.items() if pair[1] in set(source.values())}


def test_held_out_queries_are_no_documents() -> None:
    split = ["heldout"] * 3 + ["train"] * (len(QUERIES) - 3)
    held = Queries(QUERIES.rows.drop_columns("split").append_column("split", [split]))
    texts, _, told = turned_tables(CORPUS, held, LABELS)
    assert texts["doc_id"] == QUERIES["query_id"][3:]
    assert not set(told["doc_id"]) & set(QUERIES["query_id"][:3])


def test_a_model_turned_twice_is_the_model(student: Student, tmp_path: Path) -> None:
    first = run(1, student, tmp_path / "one")
    other = turned(first.encoder, tmp_path / "other", "cpu")
    asked, found = vectors(first, "query"), vectors(first, "document")
    assert np.array_equal(vectors(Student(encoder=other), "query"), found)
    assert np.array_equal(vectors(Student(encoder=other), "document"), asked)
    again = Student(encoder=turned(other, tmp_path / "again", "cpu"))
    assert np.array_equal(vectors(again, "query"), asked)
    assert np.array_equal(vectors(again, "document"), found)


def test_prompts_change_places_with_the_towers(student: Student) -> None:
    from acclimate.parts._routes import mirrored, with_routes

    model = student.encoder.load()
    model.prompts = {"query": "ask: ", "document": "text: ", "other": "x"}
    told = mirrored(with_routes(model)).prompts
    assert {k: v for k, v in told.items() if v} == {
        "query": "text: ", "document": "ask: ", "other": "x",
    }  # fmt: skip


def test_queries_have_the_odd_turns(student: Student, tmp_path: Path) -> None:
    Learn.seen.clear()
    ctx = Context(engine=FakeEngine(), folder=tmp_path)
    AlternatingCache(loop=Learn(), turns=3)(CORPUS, QUERIES, LABELS, student, ctx)
    assert [tables[0] is CORPUS for tables in Learn.seen] == [True, False, True]


def test_after_a_crash_whole_turns_are_found_again(student: Student, tmp_path: Path) -> None:
    made, ends = [], []
    part = AlternatingCache(loop=LOOP, turns=2)
    things = {**THINGS, Labels: LABELS, Student: student}
    for _ in range(2):
        store = Store(tmp_path)
        ctx = Context(seed=5, engine=FakeEngine(), folder=tmp_path, make=store.make)
        inputs = {name: things[kind] for name, kind in needs(part).items()}
        after: Student = ctx.make(part, inputs, ctx)
        made.append([(step.name, step.reused) for step in store.steps])
        ends.append(after.encoder.fingerprint())
        for step in store.steps[1:]:
            (tmp_path / step.folder / MANIFEST).unlink()
    assert made[0] == [("Fit", False), ("Fit", False), ("AlternatingCache", False)]
    assert made[1] == [("Fit", True), ("Fit", False), ("AlternatingCache", False)]
    assert ends[0] == ends[1]


def test_what_cannot_alternate_is_refused(student: Student) -> None:
    with pytest.raises(RecipeError, match="Give 1 or more"):
        AlternatingCache(loop=LOOP, turns=0)
    part, ctx = AlternatingCache(loop=LOOP), Context(engine=FakeEngine())
    with pytest.raises(StoreError, match="writes weights"):
        part(CORPUS, QUERIES, LABELS, student, ctx)
    several = Student(encoder=MultiVector("m"))
    with pytest.raises(RecipeError, match="Give a dense encoder"):
        part(CORPUS, QUERIES, LABELS, several, Context(engine=FakeEngine(), folder=Path()))
