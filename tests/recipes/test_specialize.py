"""specialize from end to end: kinds of queries, round trip, the teacher's whole list. [085]"""

from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import filters, generators, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.specialize import specialize
from acclimate.tables import Candidates, Labels, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeWriter

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def run(models, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("specialize") / "run"
    recipe = specialize(teacher=models.scorer, queries=24, held_out=6, depth=4, steps=3, batch=8)
    return acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=out).run


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((specialize().steps, specialize().judge))) == []


def test_the_temperatures_the_list_and_the_round_trip_are_the_papers() -> None:
    fit = specialize().steps[-1]
    assert fit.loss == losses.KLDivergence(teacher_temperature=0.3, student_temperature=0.05)
    assert fit.candidates == 20
    assert filters.RoundTrip(depth=20) in specialize().steps


def test_a_language_model_writes_six_queries_for_each_of_a_sixth_as_many_documents() -> None:
    written = specialize(writer=FakeWriter(), queries=601).steps[0]
    assert written == generators.QueryKinds(writer=FakeWriter(), documents=101)
    assert len(written.kinds) == 6


def test_queries_are_of_several_kinds(run: Path) -> None:
    kinds = set(Queries.open(run / "tables" / "queries.arrow")["kind"])
    assert {"fragment", "salient_terms"} < kinds
    assert len(kinds) > 4


def test_the_teachers_values_have_a_range_of_about_1_below_the_source(run: Path) -> None:
    candidates = Candidates.open(run / "tables" / "candidates.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    values, source = labels.array("value"), candidates.array("is_source").astype(bool)
    assert labels["doc_id"] == candidates["doc_id"]
    assert set(values[source]) == {0.0}
    margins = -values[~source]
    assert np.percentile(margins, 95) == pytest.approx(1, abs=1e-5)
    assert np.percentile(margins, 5) == pytest.approx(-1, abs=1e-5)
