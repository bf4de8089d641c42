"""Preferred: the head of a list is read, and those preferred are relevant. [088]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.labellers import Preferred, Score
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour, samples
from acclimate.testing.fakes import FakeEngine, FakeScorer

STUDENT = samples.things()[Student]
SCORE = Score(teacher=FakeScorer())
TEXTS = ("a b", "x", "a b c", "a", "y", "a b c d")  # of "a b c d": 2, 0, 3, 1, 0, 4 words


def labels(source: int | None, engine: FakeEngine, **settings: int) -> dict[int, float]:
    """The label of each rank (from 1) of a list of six."""
    corpus = Corpus.of(
        {"doc_id": f"d{rank}", "title": "", "text": text} for rank, text in enumerate(TEXTS, 1)
    )
    queries = Queries.of([{"query_id": "q", "text": "a b c d", "split": "train"}])
    found = Candidates.of(
        {"query_id": "q", "doc_id": f"d{rank}", "rank": rank, "score": -rank,
         "is_source": rank == source, "miner": "m"}
        for rank in range(1, 7)
    )  # fmt: skip
    part = Preferred(labeller=SCORE, **settings)
    made = part(corpus, queries, found, STUDENT, Context(engine=engine))
    return {int(d[1:]): v for d, v in zip(made["doc_id"], made["value"], strict=True)}


def test_the_two_preferred_of_the_first_ones_are_relevant_and_those_behind_are_not() -> None:
    """[088]: top 2 by attention of the passages read are preferred; negatives from further down."""
    engine = FakeEngine()
    assert labels(None, engine, pool=4) == {1: 1, 3: 1, 5: 0, 6: 0}
    assert engine.calls["score"] == 4  # no more than the pool


@pytest.mark.parametrize(("source", "also"), [(6, {6: 1.0}), (2, {2: 1.0, 6: 0.0}), (3, {6: 0.0})])
def test_the_source_is_relevant_besides(source: int, also: dict[int, float]) -> None:
    """[088]: the positives are the union of the judged one and the preferred ones."""
    assert labels(source, FakeEngine(), pool=4) == {1: 1, 3: 1, 5: 0, **also}


def test_a_query_of_which_the_labeller_says_nothing_is_left_out() -> None:
    corpus = Corpus.of([{"doc_id": "d", "title": "", "text": "t"}])
    queries = Queries.of([{"query_id": "q", "text": "t", "split": "train"}])
    found = Candidates.of(
        [{"query_id": "q", "doc_id": "d", "rank": 20, "score": 0.0, "is_source": True,
          "miner": "m"}]
    )  # fmt: skip
    made = Preferred(labeller=SCORE)(corpus, queries, found, STUDENT, Context(engine=FakeEngine()))
    assert len(made) == 0


def test_to_prefer_nothing_or_more_than_there_is_is_refused() -> None:
    for settings in ({"top": 0}, {"pool": 1, "top": 2}):
        with pytest.raises(RecipeError, match="Preferred"):
            Preferred(labeller=SCORE, **settings)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(Preferred(labeller=SCORE, pool=2, top=1), folder="labellers")
