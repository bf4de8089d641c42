"""zelo from end to end: votes on pairs become strengths, strengths become labels. [119]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import filters, labellers
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.zelo import LOCAL, zelo
from acclimate.tables import Labels
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_models_given_it_names_none() -> None:
    assert list(refs_of((zelo().steps, zelo().judge))) == []


def test_three_judges_vote_along_four_cycles() -> None:
    part = labellers.PairwisePreference(judges=LOCAL, cycles=4, aggregate="thurstone")
    assert len(LOCAL) == 3
    assert part in zelo().steps


def test_the_source_competes_where_a_writer_asks_in_words_of_its_own(models) -> None:
    assert filters.WithoutSource() in zelo().steps
    assert filters.WithoutSource() not in zelo(writer=models.writer).steps


def test_it_runs_on_strengths_that_are_nought_on_the_mean(models, tmp_path: Path) -> None:
    recipe = replace(zelo(queries=24, held_out=6, depth=4, steps=2), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    values, query = labels.array("value"), np.array(labels["query_id"])
    means = [values[query == name].mean() for name in np.unique(query)]
    assert means == pytest.approx([0] * len(means), abs=1e-4)
    assert values.std() > 0.1
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
