"""rlcoder from end to end: the piece a reader goes on best with is right. [090]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, labellers, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.rlcoder import rlcoder
from acclimate.tables import Corpus, Queries

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((rlcoder().steps, rlcoder().judge))) == []


def test_the_best_of_ten_is_right() -> None:
    _, keep, label, convert, fit = rlcoder().steps[-1].steps
    assert keep == filters.SubstringOverlap()
    assert label == labellers.ReaderLikelihood(target="source")
    assert convert == labellers.TopBottom(top=1, bottom=9)
    assert (fit.candidates, fit.learning_rate) == (10, 5e-5)
    assert fit.loss == losses.InfoNCE(temperature=1 / 20)


def test_the_loss_of_the_paper() -> None:
    """[090]: cosines (0.5, 0.4, 0.45), the second is right: ln(e² + 1 + e) = 2.40761."""
    import torch

    loss = rlcoder().steps[-1].steps[-1].loss
    scores, targets = torch.tensor([[0.5, 0.4, 0.45]]), torch.tensor([[0.0, 1.0, 0.0]])
    value = loss(scores.double(), targets.double(), torch.ones(1, 3, dtype=torch.bool))
    assert value.item() == pytest.approx(2.40761, abs=1e-5)


def test_each_round_searches_and_reads_anew(models, passages: Corpus, tmp_path: Path) -> None:
    recipe = replace(
        rlcoder(queries=24, held_out=4, depth=4, steps=3, batch=6, rounds=2), judge=None
    )
    outcome = acclimate.adapt(recipe, passages, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert set(queries["kind"]) == {"next_chunk"}
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    for name in ("Union", "Fit"):
        assert len({step["key"] for step in steps if step["name"] == name}) == 2
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
