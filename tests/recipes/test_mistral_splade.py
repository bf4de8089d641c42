"""Mistral-SPLADE from end to end: a causal language model gives weights of words. [052]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.engines.local import Local
from acclimate.models.encoders import Sparse
from acclimate.models.indexes import Inverted
from acclimate.parts import losses, students
from acclimate.parts.loops._written import finished
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.mistral_splade import mistral_splade
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_decoder

pytestmark = pytest.mark.integration

SMALL = {
    "queries": 48, "held_out": 6, "negatives": 2, "steps": 30, "batch": 8, "learning_rate": 3e-3
}  # fmt: skip


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    recipe = mistral_splade()
    assert list(refs_of((recipe.steps, recipe.judge))) == []


def test_the_loss_is_contrast_and_a_penalty_of_queries_and_of_documents() -> None:
    shape, fit = mistral_splade(steps=600).steps[0], mistral_splade(steps=600).steps[-1].loop
    assert shape == students.Sparse(
        penalty=losses.Flops(),
        query_weight=losses.QuadraticWarmup(weight=3e-4, steps=200),
        document_weight=losses.QuadraticWarmup(weight=1e-4, steps=200),
        echo=True,
        training_tokens=256,
    )
    assert fit.loss == losses.InfoNCE(temperature=1.0, in_batch=True)
    assert (fit.candidates, fit.warmup) == (8, 60)


def test_a_decoder_learns_to_find_documents_by_weights_of_words(tmp_path: Path) -> None:
    """[052]: what begins a text has other weights once its end is known."""
    decoder = tiny_decoder(tmp_path / "base", texts=toys.CORPUS.contents, max_length=128)
    recipe = replace(mistral_splade(**SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, decoder, out=tmp_path / "run")
    assert isinstance(outcome.encoder, Sparse)
    assert "trust_remote_code=True" in (outcome.model / "README.md").read_text("utf-8")
    after = Sparse(str(outcome.model))
    begun, whole = after.open("cpu").encode(["a dry chain", "a dry chain squeaks"], kind="query")
    assert (whole >= 0).all()
    assert (whole < begun - 0.01).any()
    before = Sparse(str(finished(students.Sparse().prepare(decoder.load()), tmp_path / "before")))
    assert found(before) < 0.7
    assert found(after) > 0.9


def found(words: Sparse) -> float:
    """Share of the toy documents' first sentences that find their document first."""
    asked, wanted = toys.WRITTEN["text"], toys.WRITTEN["source_doc_id"]
    hits = Local(device="cpu").search(Inverted(words), toys.CORPUS.contents, asked, depth=1)
    rows = [toys.CORPUS["doc_id"].index(doc_id) for doc_id in wanted]
    return float((hits.positions[:, 0] == rows).mean())
