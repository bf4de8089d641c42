"""The embedding_adapter recipe from end to end: vectors of documents stay in use."""

from pathlib import Path

import pytest

import acclimate
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.embedding_adapter import embedding_adapter
from acclimate.tables import Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 8}


def test_it_names_no_model() -> None:
    recipe = embedding_adapter()
    assert list(refs_of((recipe.steps, recipe.judge))) == []


@pytest.mark.parametrize("learns", ["adapter", "query"])
def test_it_runs(learns: str, models, tmp_path: Path) -> None:
    recipe = embedding_adapter(learns=learns, **SMALL)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(tmp_path / "run" / "tables" / "queries.arrow")
    assert outcome.report.is_file()
    assert set(queries["topic"]) == {None}
    assert outcome.student.shape == recipe.steps[0]
