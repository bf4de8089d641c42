"""Fusion: words, vectors and tokens as one teacher."""

from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.coverage import Coverage
from acclimate.models.student import Student
from acclimate.parts.labellers import Fusion, LateInteraction
from acclimate.parts.labellers.fusion import WEIGHTS
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour, samples
from acclimate.testing.fakes import FakeEncoder, FakeEngine

THINGS = samples.things()
STUDENT = Student(encoder=cast(Dense, FakeEncoder()))


def label(part: Fusion) -> tuple[Labels, Context]:
    ctx = Context(engine=FakeEngine())
    return part(THINGS[Corpus], THINGS[Queries], THINGS[Candidates], STUDENT, ctx), ctx


def test_the_value_is_the_weighted_sum_of_coverage_cosine_and_maxsim() -> None:
    query, doc = THINGS[Queries]["text"][0], THINGS[Candidates]["doc_id"][0]
    corpus, engine = THINGS[Corpus], FakeEngine()
    row = corpus.position[doc]
    cover = engine.search(Coverage(), corpus.contents, [query], among=np.array([[row]])).scores
    vectors = FakeEncoder().encode([query, corpus.contents[row]], kind="query")
    late = LateInteraction()(
        corpus, THINGS[Queries], THINGS[Candidates], STUDENT, Context(engine=engine)
    )["value"][0]
    labels, _ = label(Fusion(weights=(0.5, 1.0, 0.25)))
    expected = 0.5 * float(cover[0, 0]) + float(vectors[0] @ vectors[1]) + 0.25 * late
    assert labels["value"][0] == pytest.approx(expected, abs=1e-5)


def test_a_query_values_the_document_it_was_written_from_most() -> None:
    labels, _ = label(Fusion())
    for query, source in zip(
        THINGS[Queries]["query_id"], THINGS[Queries]["source_doc_id"], strict=True
    ):
        rows = labels.where("query_id", [query])
        assert rows["doc_id"][int(np.argmax(rows["value"]))] == source


def test_a_value_does_not_depend_on_the_other_candidates() -> None:
    ctx = Context(engine=FakeEngine())
    few = THINGS[Candidates].head(1)
    alone = Fusion()(THINGS[Corpus], THINGS[Queries], few, STUDENT, ctx)
    assert alone["value"][0] == pytest.approx(label(Fusion())[0]["value"][0])


def test_a_scorer_without_weight_is_not_asked() -> None:
    engine = FakeEngine()
    part = Fusion(weights=(1.0, 0.0, 0.0))
    part(THINGS[Corpus], THINGS[Queries], THINGS[Candidates], STUDENT, Context(engine=engine))
    assert engine.calls["encode"] == engine.calls["encode_tokens"] == 0


def test_the_weights_are_reported() -> None:
    _, ctx = label(Fusion(weights=(0.5, 1.0, 0.0)))
    assert ctx.notes["weights"] == {"words": 0.5, "vectors": 1.0, "tokens": 0.0, "fitted": False}


def test_fitted_weights_stay_as_given_where_the_evidence_is_weak() -> None:
    _, ctx = label(Fusion(fitted=True))
    assert tuple(ctx.notes["weights"].values()) == (*WEIGHTS, True)


@pytest.mark.parametrize("weights", [(0.0, 0.0, 0.0), (1.0, -1.0, 1.0), (1.0, 1.0)])
def test_weights_that_rank_nothing_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(RecipeError, match="words, vectors, tokens"):
        Fusion(weights=weights)  # type: ignore[arg-type]


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(Fusion(), folder="labellers")
