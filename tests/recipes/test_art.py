"""art from end to end: a reader of queries teaches, nobody judges. [017]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import NGramReader
from acclimate.parts import filters, labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.art import art
from acclimate.testing import toys
from acclimate.testing.fakes import FakeScorer

pytestmark = pytest.mark.integration


def test_without_models_given_it_names_none() -> None:
    assert list(refs_of((art().steps, art().judge))) == []


def test_a_reader_that_is_given_reads_and_is_checked_before_the_run() -> None:
    assert list(refs_of(art(reader=FakeScorer()).steps)) == [FakeScorer()]


def test_a_round_reads_thirty_two_documents_per_token_and_never_the_source() -> None:
    """The teacher's temperature is 1, as its values are means over tokens."""
    found, other, reads, fit = art().steps[-1].steps
    assert (found, other) == (miners.WithStudent(depth=32), filters.WithoutSource())
    assert reads == labellers.ReaderLikelihood(reader=NGramReader(per_token=True))
    assert fit.loss == losses.KLDivergence(teacher_temperature=1.0, student_temperature=0.05)
    assert fit.candidates == 32


def test_it_runs(models, tmp_path: Path) -> None:
    recipe = replace(art(queries=24, held_out=6, depth=4, steps=2), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
