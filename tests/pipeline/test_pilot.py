"""The pilot measures what a plan needs; figures are only looked at for their sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts import generators, labellers, students
from acclimate.pipeline.pilot import measure, sample, tokens_of
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus

pytestmark = pytest.mark.integration


def test_a_sample_is_spread_over_the_corpus(corpus: Corpus) -> None:
    found = sample(corpus, 5)
    assert len(found) == 5
    assert found[0] == corpus.contents[0]
    assert found[-1] == corpus.contents[-1]
    assert len(sample(corpus.head(2), 5)) == 2


def test_rates_of_the_student_and_of_every_other_model(
    corpus: Corpus, student: Dense, tmp_path: Path
) -> None:
    from acclimate.testing.tiny import tiny_scorer, tiny_writer

    writer = tiny_writer(tmp_path / "writer")
    scorer = tiny_scorer(tmp_path / "scorer")
    recipe = Recipe(
        "mine", (generators.DocToQuery(writer=writer),), judge=labellers.Score(teacher=scorer)
    )
    rates = measure(recipe, corpus, Student(encoder=student), "cpu")
    assert set(rates.others) == {repr(writer), repr(scorer)}
    assert min(rates.encode, rates.train, rates.start, *rates.others.values()) > 0
    assert rates.of(writer) == rates.others[repr(writer)]
    assert rates.of("unknown") == rates.encode


def test_a_student_with_an_adapter_can_be_measured(corpus: Corpus, student: Dense) -> None:
    adapter = Student(encoder=student, shape=students.Adapter())
    rates = measure(Recipe("mine", (generators.SalientTerms(),)), corpus, adapter, "cpu")
    assert rates.train > 0
    assert 10 < tokens_of(corpus, adapter, "cpu") <= 64
