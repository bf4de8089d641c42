"""Score: a scorer's raw values, by hand: the fake counts shared words."""

import pytest

from acclimate.errors import TableError
from acclimate.parts.labellers import Score
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour, toys
from acclimate.testing.fakes import FakeEngine, FakeScorer


def candidates(*pairs: tuple[str, str]) -> Candidates:
    return Candidates.of(
        {"query_id": q, "doc_id": d, "rank": 1, "score": 0.0, "is_source": False, "miner": "m"}
        for q, d in pairs
    )


def test_values_are_the_teachers_own_in_the_candidates_order() -> None:
    """[P1]: "how do bees make honey" shares 2 words with bees; the question on rice shares 4."""
    engine = FakeEngine()
    pairs = candidates(("q2", "bees"), ("q5", "rice"), ("q2", "moon"))
    labels = Score(teacher=FakeScorer(weight=2.0, bias=-3.0))(
        toys.CORPUS, toys.QUERIES, pairs, Context(engine=engine)
    )
    assert labels["value"] == [2 * 2 - 3, 2 * 4 - 3, -3]
    assert labels["doc_id"] == ["bees", "rice", "moon"]
    assert engine.calls["score"] == 3


def test_the_teacher_is_named_with_its_settings() -> None:
    labels = Score(teacher=FakeScorer())(
        toys.CORPUS, toys.QUERIES, candidates(("q1", "bees")), Context(engine=FakeEngine())
    )
    assert labels["teacher"] == ["FakeScorer(weight=1.0, bias=0.0)"]


def test_a_candidate_of_an_unknown_query_or_document_is_named() -> None:
    for pair, name in ((("q9", "bees"), "'q9'"), (("q1", "beer"), "'beer'")):
        with pytest.raises(TableError, match=name):
            Score(teacher=FakeScorer())(
                toys.CORPUS, toys.QUERIES, candidates(pair), Context(engine=FakeEngine())
            )


def test_no_candidates_are_no_labels() -> None:
    labels = Score(teacher=FakeScorer())(
        Corpus.empty(), Queries.empty(), Candidates.empty(), Context(engine=FakeEngine())
    )
    assert len(labels) == 0


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(Score(teacher=FakeScorer()), folder="labellers")
