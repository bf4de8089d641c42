"""Agreement: what several ways lead to. [082]"""

from typing import cast

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import Agreement, Score, SourceIsRelevant
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeScorer
from acclimate.testing.known import KnownLabeller

STUDENT = Student(encoder=cast(Dense, FakeEncoder()))
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "abcd")
QUERIES = Queries.of([{"query_id": "q", "text": "q", "split": "train"}])
FOUND = Candidates.of(
    {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
    for r, d in enumerate("abcd", 1)
)


def said(**values: float) -> KnownLabeller:
    return KnownLabeller(values=tuple(values.items()))


def run(*labellers: KnownLabeller, **settings) -> dict[str, float]:
    part = Agreement(labellers=labellers, **settings)
    labels = part(CORPUS, QUERIES, FOUND, STUDENT, Context(engine=FakeEngine()))
    return dict(zip(labels["doc_id"], labels["value"], strict=True))


def test_what_is_agreed_upon_comes_first_though_its_sum_is_not_the_largest() -> None:
    """[082]: b is second with both: .6 + .7 = 1.3; a is first with one: 1 + .5 = 1.5."""
    one, other = said(a=1.0, b=0.6, c=0.0, d=0.1), said(a=0.5, b=0.7, c=1.0, d=0.0)
    alone = run(one, other)
    assert max(alone, key=alone.__getitem__) == "a"
    both = run(one, other, top=2)
    assert max(both, key=both.__getitem__) == "b"
    assert both == pytest.approx({"a": 1.5, "b": 3.3, "c": 1.0, "d": 0.1})


def test_where_both_agree_on_the_first_it_has_twice_the_sum_of_the_weights() -> None:
    told = run(said(a=2.0, b=1.0), said(a=9.0, b=0.0), weights=(1.0, 0.5))
    assert told == pytest.approx({"a": 3.0, "b": 0.0})


def test_without_an_agreement_the_sum_decides() -> None:
    told = run(said(a=1.0, b=0.0, c=0.5), said(a=0.0, b=1.0, c=0.9))
    assert told == pytest.approx({"a": 1.0, "b": 1.0, "c": 1.4})


def test_what_one_leaves_out_is_left_out() -> None:
    assert set(run(said(a=1.0, b=0.0), said(b=1.0, c=0.0))) == {"b"}


def test_how_often_they_agree_is_noted() -> None:
    ctx = Context(engine=FakeEngine())
    part = Agreement(labellers=(said(a=1.0, b=0.0), said(a=1.0, b=0.5)))
    part(CORPUS, QUERIES, FOUND, STUDENT, ctx)
    assert ctx.notes["queries with an agreement"] == 1


@pytest.mark.parametrize("settings", [{"labellers": ()}, {"labellers": (said(a=1.0),), "top": 0}])
def test_settings_that_do_not_fit_are_refused(settings: dict) -> None:
    with pytest.raises(RecipeError, match="Agreement"):
        Agreement(**settings)


def test_it_obeys_the_laws_of_labellers() -> None:
    part = Agreement(labellers=(SourceIsRelevant(), Score(teacher=FakeScorer())))
    behaviour.check_all(part, folder="labellers")
