"""pearl from end to end: a cross-encoder learns gains with their scale. [004]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.encoders.dense import Dense
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import filters, labellers, losses, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.pearl import pearl
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration


def test_its_only_model_is_the_encoder_that_judges() -> None:
    assert list(refs_of((pearl().steps, pearl().judge))) == [Dense()]
    assert pearl(judge=CrossEncoder()).judge == labellers.Score(teacher=CrossEncoder())


def test_gains_train_a_reranker_with_their_scale() -> None:
    steps = pearl(anchor=0.5).steps
    assert isinstance(steps[0], students.Reranker)
    assert labellers.ReaderLikelihood(target="output", gain=True) in steps
    assert steps[-2] == filters.ScorePercentile(percentile=50.0)
    assert steps[-1].loss == losses.ScaleCalibratedKL(anchor=0.5)


def test_a_constant_on_all_scores_costs() -> None:
    """[004]: y = (1, 0), y0 = .5: s = (.8, −.2) has KL .009191; y − y0 and 1 more .091295."""
    import torch

    loss, mask = pearl(anchor=0.5).steps[-1].loss, torch.ones(1, 2, dtype=torch.bool)
    scores, gains = torch.tensor([[0.8, -0.2]]), torch.tensor([[1.0, 0]])
    assert loss(scores, gains, mask).item() == pytest.approx(0.009191, abs=1e-6)
    assert loss(gains - 0.5, gains, mask).item() == pytest.approx(0, abs=1e-6)
    assert loss(gains - 0.5 + 1, gains, mask).item() == pytest.approx(0.091295, abs=1e-6)


def test_requests_that_nothing_helps_train_nothing(
    models, programs: Corpus, tmp_path: Path
) -> None:
    """Half of them stay: those whose best document gains most."""
    recipe = replace(
        pearl(encoder=models.encoder, queries=12, held_out=2, depth=6, steps=2), judge=None
    )
    outcome = acclimate.adapt(recipe, programs, models.scorer, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    assert 0 < len(set(labels["query_id"])) <= len(queries)
    assert all(source[row["query_id"]] != row["doc_id"] for row in labels.dicts())
    assert isinstance(outcome.encoder, CrossEncoder)
    assert outcome.encoder.fingerprint() != models.scorer.fingerprint()
