"""Curriculum: [001] and [105]: easy before hard, by the teacher's labels."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from acclimate.errors import RecipeError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import Curriculum
from acclimate.parts.part import Context, call
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import toys


@dataclass(frozen=True, kw_only=True)
class Learn:
    """Writes down the labels it saw, as {query: documents}."""

    seen: ClassVar[list[dict[str, str]]] = []
    letter: str = "+"

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student
    ) -> Student:
        seen: dict[str, str] = {}
        for query, document in zip(labels["query_id"], labels["doc_id"], strict=True):
            assert query in queries["query_id"]
            seen[query] = f"{seen.get(query, '')} {document}".strip()
        self.seen.append(seen)
        return student.trained(replace(student.encoder, model=student.encoder.model + self.letter))


@dataclass(frozen=True, kw_only=True)
class NeedsCandidates:
    def __call__(self, candidates: Candidates, student: Student) -> Student:
        return student


@dataclass(frozen=True, kw_only=True)
class GivesLabels:
    def __call__(self, labels: Labels) -> Labels:
        return labels


STUDENT = Student(encoder=Dense("m"))
THREE = (Learn(letter="a"), Learn(letter="b"), Learn(letter="c"))
QUERIES = Queries.columns(
    query_id=["hard", "easy", "middle", "held", "wrong", "alone"],
    text=["h", "e", "m", "x", "w", "a"],
    source_doc_id=["bees", "moon", "rice", "bread", "chain", "tides"],
    split=["train", "train", "train", "heldout", "train", "train"],
)
"""The source leads by 1, 5 and 3; "wrong" trails by 2; "alone" has nothing beside its source."""


def labels(*rows: tuple[str, str, float]) -> Labels:
    queries, documents, values = zip(*rows, strict=True)
    return Labels.columns(
        query_id=queries, doc_id=documents, value=values, teacher=["t"] * len(values)
    )


LABELS = labels(
    ("hard", "rice", 4), ("hard", "bees", 5), ("hard", "moon", 0),
    ("easy", "moon", 6), ("easy", "bees", 1), ("held", "bread", 1),
    ("middle", "rice", 3), ("middle", "bees", 0), ("held", "moon", 9),
    ("wrong", "chain", 1), ("wrong", "bees", 3), ("alone", "tides", 8),
)  # fmt: skip
HELD = {"held": "bread moon"}


def run(part: Curriculum, given: Labels = LABELS, **settings: Any) -> tuple[Student, Context]:
    Learn.seen.clear()
    ctx = Context(**settings)
    return part(toys.CORPUS, QUERIES, given, STUDENT, ctx), ctx


def test_queries_come_in_the_order_of_their_difficulty() -> None:
    """[105] in three stages: 5, 3 | 1, −2 | alone; five queries, two, two and one."""
    after, ctx = run(Curriculum(loops=THREE, cumulative=False))
    assert [set(seen) - {"held"} for seen in Learn.seen] == [
        {"easy", "middle"}, {"hard", "wrong"}, {"alone"},
    ]  # fmt: skip
    assert after.encoder.model == "mabc"
    assert ctx.notes["stages"] == [
        {"queries": 2, "labels": 4}, {"queries": 2, "labels": 5}, {"queries": 1, "labels": 1},
    ]  # fmt: skip


def test_a_stage_also_has_what_earlier_ones_had() -> None:
    """[001] in two stages: the first three of five, then all."""
    run(Curriculum(loops=THREE[:2]))
    assert [set(seen) - {"held"} for seen in Learn.seen] == [
        {"easy", "middle", "hard"}, {"easy", "middle", "hard", "wrong", "alone"},
    ]  # fmt: skip


def test_a_query_brings_all_its_labels() -> None:
    run(Curriculum(loops=THREE, cumulative=False))
    assert Learn.seen[0] == {"easy": "moon bees", "middle": "rice bees"} | HELD
    assert Learn.seen[1] == {"hard": "rice bees moon", "wrong": "chain bees"} | HELD


def test_documents_come_in_the_order_of_the_teachers_value() -> None:
    """[105]: the source in every stage, random documents first, near ones last."""
    given = labels(
        ("hard", "rice", 4), ("hard", "bees", 5), ("hard", "moon", 0), ("hard", "chain", 2),
        ("easy", "moon", 6), ("easy", "bees", 1), ("held", "bread", 1), ("held", "moon", 9),
    )  # fmt: skip
    run(Curriculum(loops=THREE, of="documents", cumulative=False), given)
    assert Learn.seen == [
        {"hard": "bees moon", "easy": "moon bees"} | HELD,
        {"hard": "bees chain", "easy": "moon"} | HELD,
        {"hard": "rice bees", "easy": "moon"} | HELD,
    ]
    run(Curriculum(loops=THREE, of="documents"), given)
    assert Learn.seen == [
        {"hard": "bees moon", "easy": "moon bees"} | HELD,
        {"hard": "bees moon chain", "easy": "moon bees"} | HELD,
        {"hard": "rice bees moon chain", "easy": "moon bees"} | HELD,
    ]


def test_without_a_label_of_the_source_the_highest_is_taken_for_it() -> None:
    given = labels(
        ("hard", "rice", 4), ("hard", "moon", 3), ("easy", "rice", 1), ("easy", "bread", 9),
    )  # fmt: skip
    run(Curriculum(loops=THREE[:2], cumulative=False), given)
    assert Learn.seen == [{"easy": "rice bread"}, {"hard": "rice moon"}]
    run(Curriculum(loops=THREE[:1], of="documents"), given)
    assert Learn.seen == [{"hard": "rice moon", "easy": "rice bread"}]


def test_equally_hard_ones_stand_in_the_order_of_the_tables() -> None:
    given = labels(
        ("wrong", "chain", 1), ("wrong", "bees", 0), ("hard", "bees", 1), ("hard", "rice", 0),
    )  # fmt: skip
    run(Curriculum(loops=THREE[:2], cumulative=False), given)
    assert [list(seen) for seen in Learn.seen] == [["hard"], ["wrong"]]


def test_a_stage_that_nothing_is_left_for_is_passed_over_and_noted() -> None:
    given = labels(("hard", "rice", 4), ("hard", "bees", 5))
    after, ctx = run(Curriculum(loops=THREE, cumulative=False), given)
    assert after.encoder.model == "ma"
    assert [stage["queries"] for stage in ctx.notes["stages"]] == [1, 0, 0]


def test_what_is_no_number_or_of_no_query_is_not_put_in_order() -> None:
    given = labels(
        ("hard", "bees", 5), ("hard", "rice", float("nan")), ("gone", "rice", 5),
        ("easy", "moon", 1), ("easy", "rice", 0),
    )  # fmt: skip
    _, ctx = run(Curriculum(loops=THREE[:2], cumulative=False), given)
    assert [stage["labels"] for stage in ctx.notes["stages"]] == [2, 1]
    assert [set(seen) for seen in Learn.seen] == [{"easy"}, {"hard"}]


def test_each_stage_goes_through_the_runs_make_in_a_folder_of_its_own(tmp_path: Path) -> None:
    made = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        made.append((part.letter, ctx.folder))
        return call(part, inputs, ctx)

    run(Curriculum(loops=THREE[:2]), make=make, folder=tmp_path)
    assert made == [("a", tmp_path / "stage-1"), ("b", tmp_path / "stage-2")]


def test_nothing_to_put_in_order_is_refused() -> None:
    with pytest.raises(TableError, match="of 1 labels none is of a training query"):
        run(Curriculum(loops=THREE), labels(("held", "bread", 1)))


def test_loops_that_do_not_fit_are_refused() -> None:
    with pytest.raises(RecipeError, match="nothing that trains"):
        Curriculum(loops=())
    with pytest.raises(RecipeError, match="needs Candidates"):
        Curriculum(loops=(NeedsCandidates(),))
    with pytest.raises(RecipeError, match="does not give a Student"):
        Curriculum(loops=(GivesLabels(),))
