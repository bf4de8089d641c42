"""Retrieval: measures against judgements, by hand."""

from typing import cast

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.evaluators import Retrieval
from acclimate.parts.evaluators.retrieval import measured
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Qrels, Queries, Scores
from acclimate.testing import behaviour, toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=cast(Dense, FakeEncoder(salt="a")), base=cast(Dense, FakeEncoder()))
QRELS = Qrels.of(
    {"query_id": "q", "doc_id": d, "grade": g} for d, g in (("a", 2), ("b", 1), ("c", 0))
)


def values(scores: Scores, system: str, query: str) -> dict[str, float]:
    return {
        row["measure"]: row["value"]
        for row in scores.dicts()
        if (row["system"], row["query_id"]) == (system, query)
    }


def test_the_measures_of_one_ranking_by_hand() -> None:
    """Order c, a, x, b: gains 0, 2, 0, 1 against 2, 1; a at rank 2, b at rank 4."""
    run = {"q": {"c": 4.0, "a": 3.0, "x": 2.0, "b": 1.0}}
    made = values(measured({"s": run}, QRELS), "s", "q")
    gained, ideal = 2 / 1.584963 + 1 / 2.321928, 2 + 1 / 1.584963
    assert made["nDCG@10"] == pytest.approx(gained / ideal, abs=1e-5)
    assert made["RR@10"] == pytest.approx(1 / 2)
    assert made["AP"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert made["R@100"] == 1.0
    assert made["Judged@10"] == pytest.approx(3 / 4)


def test_a_judged_query_without_results_scores_nought() -> None:
    made = measured({"s": {"q": {}}}, QRELS, ("nDCG@10", "RR@10"))
    assert values(made, "s", "q") == {"nDCG@10": 0.0, "RR@10": 0.0}


def test_every_system_is_measured_on_every_judged_query() -> None:
    ctx = Context(engine=FakeEngine())
    scores = Retrieval()(toys.CORPUS, toys.QUERIES, toys.QRELS, STUDENT, ctx)
    systems = {"BM25", "base", "base+BM25", "adapted", "adapted+BM25"}
    assert set(scores["system"]) == systems
    assert len(scores) == len(systems) * 5 * 6
    assert values(scores, "base", "q2")["RR@10"] == 1.0
    assert ctx.notes["queries"] == {"judged": 6, "without a judgement": 0}


def test_queries_without_a_judgement_are_left_out_and_counted() -> None:
    ctx = Context(engine=FakeEngine())
    few = toys.QRELS.where("query_id", ["q1"])
    scores = Retrieval()(toys.CORPUS, toys.QUERIES, few, STUDENT, ctx)
    assert set(scores["query_id"]) == {"q1"}
    assert ctx.notes["queries"] == {"judged": 1, "without a judgement": 5}


def test_pieces_count_for_the_document_they_were_split_from() -> None:
    corpus = Corpus.of(
        {"doc_id": f"{d}#{n}", "title": "", "text": text, "parent_id": d}
        for d, n, text in (("a", 0, "warm milk"), ("a", 1, "warm milk jar"), ("b", 0, "stone"))
    )
    queries = Queries.of([{"query_id": "q", "text": "warm milk", "split": "heldout"}])
    qrels = Qrels.of([{"query_id": "q", "doc_id": "b", "grade": 1}])
    scores = Retrieval(measures=("RR@10",))(
        corpus, queries, qrels, STUDENT, Context(engine=FakeEngine())
    )
    assert values(scores, "base", "q") == {"RR@10": 0.5}


def test_nothing_judged_is_no_scores() -> None:
    scores = Retrieval()(
        toys.CORPUS, toys.QUERIES, Qrels.empty(), STUDENT, Context(engine=FakeEngine())
    )
    assert len(scores) == 0


@pytest.mark.parametrize("measure", ["nDGC@10", "MRR at ten"])
def test_a_measure_nobody_knows_is_refused(measure: str) -> None:
    with pytest.raises(RecipeError, match=r"knows no measure.*nDCG@10, R@100"):
        measured({"s": {}}, QRELS, (measure,))


def test_a_depth_of_nought_is_refused() -> None:
    with pytest.raises(RecipeError, match="depth of 1 or more"):
        Retrieval(depth=0)


def test_it_obeys_the_laws_of_evaluators() -> None:
    behaviour.check_all(Retrieval(depth=5), folder="evaluators")
