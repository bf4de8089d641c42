"""llm_r from end to end: a reader teaches a cross-encoder, and that the student. [081]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import filters, labellers, losses, miners, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.llm_r import llm_r
from acclimate.tables import Corpus

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((llm_r().steps, llm_r().judge))) == []


def test_a_third_of_a_hundred_is_read_and_both_ends_teach_a_cross_encoder() -> None:
    first, second = llm_r().steps[-1].stages
    assert first[0] == miners.RankWindow(miner=miners.BM25(depth=100), skip=0, width=None, count=32)
    assert second[0].miner == miners.WithStudent(depth=100)
    assert first[1:] == second[1:]
    left_out, label, ends, both = first[1:]
    assert left_out == filters.WithoutSource()
    assert label == labellers.ReaderLikelihood(target="output")
    assert ends == labellers.TopBottom(top=3, bottom=16)
    assert both.shape == students.Reranker(training_tokens=384)
    assert (both.teaching.candidates, both.teaching.learning_rate) == (8, 1e-5)
    assert (both.loop.candidates, both.loop.learning_rate) == (4, 3e-5)


def test_the_loss_of_the_student() -> None:
    """[081]: teacher (2, 1, 0, 0), flat student: KL 0.33759 + 0.2 · ln 4 = 0.61485."""
    import torch

    loss = llm_r().steps[-1].stages[0][-1].loop.loss
    assert [term.__class__ for term in loss.terms] == [losses.KLDivergence, losses.ListSoftmaxCE]
    value = loss(
        torch.zeros(1, 4), torch.tensor([[2.0, 1, 0, 0]]), torch.ones(1, 4, dtype=torch.bool)
    )
    assert value.item() == pytest.approx(0.61485, abs=1e-5)


def test_it_runs(models, programs: Corpus, tmp_path: Path) -> None:
    recipe = replace(llm_r(queries=12, held_out=2, depth=10, read=6, steps=2, rounds=1), judge=None)
    outcome = acclimate.adapt(recipe, programs, models.encoder, out=tmp_path / "run")
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
    assert isinstance(outcome.student.beside, CrossEncoder)
