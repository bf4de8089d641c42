"""Scores of pairs are those a search gives, whatever the family of the model."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.models.encoders import MultiVector, Sparse
from acclimate.models.indexes import Flat
from acclimate.models.student import Model
from acclimate.parts import students
from acclimate.parts._scored import scored
from acclimate.parts.loops._written import finished
from acclimate.parts.part import Context
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration

ASKED = ["the pump", "a short circuit", "drain the tank"]
PAIRS = np.array([[2, 0], [0, 3], [0, 1], [1, 7], [2, 5], [0, 0]])


@pytest.mark.parametrize("family", ["dense", "sparse", "late", "pairs"])
def test_a_pair_has_the_score_that_a_search_gives_it(family: str, tmp_path: Path) -> None:
    dense = tiny_encoder(tmp_path / "dense")
    model: Model = dense
    if family == "sparse":
        model = Sparse(str(finished(students.Sparse().prepare(dense.load()), tmp_path)))
    if family == "late":
        made = students.LateInteraction().prepare(dense.load())
        model = MultiVector(str(finished(made, tmp_path)))
    if family == "pairs":
        model = tiny_scorer(tmp_path / "scorer")
    ctx = Context(engine=Local(device="cpu"))
    everything = np.tile(np.arange(len(TEXTS)), (len(ASKED), 1))
    whole = ctx.engine.search(Flat(model), list(TEXTS), ASKED, among=everything).scores
    values = scored(model, ASKED, list(TEXTS), PAIRS[:, 0], PAIRS[:, 1], ctx)
    assert np.allclose(values, whole[PAIRS[:, 0], PAIRS[:, 1]], atol=1e-5)
