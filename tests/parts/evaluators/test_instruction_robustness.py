"""InstructionRobustness reproduces [072] by hand."""

from statistics import fmean

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._instructed import joined
from acclimate.parts.evaluators.instruction_robustness import (
    InstructionRobustness,
    summed,
    variants,
)
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Qrels, Queries
from acclimate.testing.fakes import FakeEncoder, FakeEngine

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in (("keeper", "bees hive sugar"), ("child", "bees hive story"), ("r", "rice"))
)
QUERIES = Queries.of(
    {"query_id": name, "text": text, "split": "heldout"}
    for name, text in (
        ("plain", "bees hive"),
        ("keeps", joined("bees hive", "sugar sugar sugar")),
        ("reads", joined("bees hive", "sugar sugar, for a child")),  # its words mislead
        ("alone", joined("rice", "boiled")),
        ("nobody", joined("rice", "judged it")),
    )
)
QRELS = Qrels.of(
    {"query_id": query, "doc_id": doc, "grade": 1}
    for query, doc in (
        ("plain", "keeper"), ("keeps", "keeper"), ("reads", "child"), ("alone", "r"),
    )
)  # fmt: skip
STUDENT = Student(encoder=FakeEncoder())


def measured(**settings) -> dict[tuple[str, str], float]:
    part = InstructionRobustness(**settings)
    scores = part(CORPUS, QUERIES, QRELS, STUDENT, Context(engine=FakeEngine()))
    return {(row["query_id"], row["measure"]): row["value"] for row in scores.dicts()}


def test_the_least_of_each_query_counts() -> None:
    """[072]: {q1: [.8, .2], q2: [.5, .6]} → .35, while the mean nDCG is .525."""
    told = [summed([0.8, 0.2]), summed([0.5, 0.6])]
    assert fmean(t["Robustness@10"] for t in told) == pytest.approx(0.35)
    assert fmean(t["mean nDCG@10"] for t in told) == pytest.approx(0.525)


def test_with_one_instruction_it_is_the_mean_and_it_is_never_above_it() -> None:
    """[072]"""
    assert summed([0.4])["Robustness@10"] == summed([0.4])["mean nDCG@10"] == 0.4
    for values in np.random.default_rng(0).random((20, 3)).tolist():
        assert summed(values)["Robustness@10"] <= summed(values)["mean nDCG@10"]


def test_rows_of_one_first_line_are_one_query() -> None:
    assert variants(QUERIES) == {"bees hive": ["keeps", "reads"], "rice": ["alone", "nobody"]}


def test_who_reads_over_the_second_line_is_right_for_one_of_them() -> None:
    """The right document is second for "reads": 1 / log2(3)."""
    second = 1 / np.log2(3)
    values = measured()
    assert values["keeps", "Robustness@10"] == pytest.approx(second)
    assert values["keeps", "mean nDCG@10"] == pytest.approx((1 + second) / 2)
    assert values["keeps", "spread nDCG@10"] == pytest.approx(1 - second)
    assert values["alone", "Robustness@10"] == pytest.approx(1)
    assert {name for name, _ in values} == {"keeps", "alone"}


def test_its_depth_is_that_of_the_measure() -> None:
    assert measured(depth=1)["keeps", "Robustness@1"] == 0


def test_without_instructions_there_is_nothing_to_measure() -> None:
    plain = QUERIES.where("query_id", ["plain"])
    ctx = Context(engine=FakeEngine())
    assert len(InstructionRobustness()(CORPUS, plain, QRELS, STUDENT, ctx)) == 0
    with pytest.raises(RecipeError, match="1 or more"):
        InstructionRobustness(depth=0)
