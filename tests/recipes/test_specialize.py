"""specialize from end to end: kinds of queries, round trip, the teacher's whole list. [085]"""

from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import filters, generators, labellers, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.specialize import specialize
from acclimate.tables import Candidates, Labels, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeScorer, FakeWriter

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def run(models, tmp_path_factory) -> Path:
    """Of a teacher that counts the words that are shared."""
    out = tmp_path_factory.mktemp("specialize") / "run"
    recipe = specialize(teacher=FakeScorer(), queries=24, held_out=6, depth=4, steps=3, batch=8)
    return acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=out).run


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((specialize().steps, specialize().judge))) == []


def test_the_temperatures_the_list_and_the_round_trip_are_the_papers() -> None:
    fit = specialize().steps[-1].loop
    assert fit.loss == losses.KLDivergence(teacher_temperature=0.3, student_temperature=0.05)
    assert fit.candidates == 20
    assert filters.RoundTrip(depth=20) in specialize().steps


def test_a_teacher_puts_the_source_first_and_leaves_a_quarter_of_the_queries_out() -> None:
    teacher = FakeScorer()
    steps = specialize(teacher=teacher).steps
    at = steps.index(labellers.WithoutQuery(labeller=labellers.Score(teacher=teacher)))
    kept = (filters.TeacherTop1(), filters.ScorePercentile(percentile=25))
    assert steps[at + 1 : at + 4] == (*kept, labellers.PercentileScale(low=1, high=99))
    assert filters.TeacherTop1() not in specialize().steps


def test_a_language_model_writes_six_queries_for_each_of_a_sixth_as_many_documents() -> None:
    written = specialize(writer=FakeWriter(), queries=601).steps[0]
    assert written == generators.QueryKinds(writer=FakeWriter(), documents=101)
    assert len(written.kinds) == 6


def test_queries_are_of_several_kinds(run: Path) -> None:
    kinds = set(Queries.open(run / "tables" / "queries.arrow")["kind"])
    assert {"fragment", "salient_terms"} < kinds
    assert len(kinds) > 4


def test_values_lie_between_0_and_1_and_the_source_has_the_highest(run: Path) -> None:
    candidates = Candidates.open(run / "tables" / "candidates.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    candidates = candidates.where("query_id", set(labels["query_id"]))
    assert labels["doc_id"] == candidates["doc_id"]
    values, query = labels.array("value"), np.array(labels["query_id"])
    assert (values.min(), values.max()) == (0, 1)
    source = candidates.array("is_source").astype(bool)
    best = [values[query == name].max() for name in query[source]]
    assert values[source].tolist() == best
