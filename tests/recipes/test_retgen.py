"""retgen from end to end: what helps a reader to go on is rewarded. [043]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, labellers, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.retgen import retgen
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((retgen().steps, retgen().judge))) == []


def test_likelihoods_per_token_are_the_rewards() -> None:
    find, keep, label, fit = retgen().steps[-1].steps
    assert keep == filters.SubstringOverlap()
    assert label == labellers.ReaderLikelihood(target="source")
    assert label.reader.per_token
    assert find.depth - 1 == fit.candidates == 4
    assert fit.loss == losses.PolicyGradient(temperature=0.05, rewards="log-likelihoods")


def test_the_gradient_of_the_paper() -> None:
    """[043]: p = (0.6, 0.4), losses of 1 and 2 per token: (−0.055811, 0.055811) per logit."""
    import torch

    loss = retgen().steps[-1].steps[-1].loss
    scores = (0.05 * torch.tensor([[0.6, 0.4]]).double().log()).requires_grad_()
    targets = torch.tensor([[-1.0, -2.0]]).double()
    loss(scores, targets, torch.ones(1, 2, dtype=torch.bool)).backward()
    assert scores.grad is not None
    assert (0.05 * scores.grad[0]).tolist() == pytest.approx([-0.055811, 0.055811], abs=1e-6)


def test_each_round_searches_and_reads_anew_and_never_reads_what_is_to_be_written(
    models, passages: Corpus, tmp_path: Path
) -> None:
    recipe = replace(retgen(queries=24, held_out=4, steps=3, batch=6, rounds=2), judge=None)
    outcome = acclimate.adapt(recipe, passages, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    read = [s for s in steps if s["name"] == "ReaderLikelihood"]
    assert len({step["key"] for step in read}) == 2
    for step in read:
        labels = Labels.open(outcome.run / step["folder"] / "table.arrow")
        assert len(labels)
        assert max(labels["value"]) < 0
        pairs = zip(labels["query_id"], labels["doc_id"], strict=True)
        assert all(source[query] != document for query, document in pairs)
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
