"""A student of low rank in a whole run: what is served is an ordinary model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.models.encoders import Dense
from acclimate.parts import students
from acclimate.recipes.contriever import contriever
from acclimate.testing import toys

pytest.importorskip("peft", reason="needs the extra peft")
pytestmark = pytest.mark.integration


def test_any_recipe_may_begin_with_it(models, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    recipe = contriever(queries=12, held_out=3, steps=3, batch=6, learning_rate=1e-2)
    recipe = replace(recipe, steps=(students.LowRank(rank=2), *recipe.steps), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert isinstance(outcome.encoder, Dense)
    plain = SentenceTransformer(str(outcome.model), device="cpu")
    base = models.encoder.load()
    assert plain.state_dict().keys() == base.state_dict().keys()
    texts = toys.CORPUS.contents
    assert not np.allclose(plain.encode(texts), base.encode(texts), atol=1e-4)
