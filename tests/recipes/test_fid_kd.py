"""fid_kd from end to end: where a reader looks is what the student learns. [067]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.errors import RecipeError
from acclimate.models.readers import FusionInDecoder
from acclimate.parts import filters, labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.fid_kd import fid_kd
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_its_only_model_is_the_reader() -> None:
    recipe = fid_kd()
    assert list(refs_of((recipe.steps, recipe.judge))) == [FusionInDecoder()]


def test_words_find_a_hundred_documents_at_first_and_the_student_later() -> None:
    first, second, third = fid_kd(rounds=3).steps[-1].stages
    assert first[:2] == (miners.BM25(depth=100), filters.WithoutSource())
    assert second == third
    assert second[0] == miners.WithStudent(depth=100)
    assert second[-2] == labellers.ReaderAttention(reader=FusionInDecoder())
    assert second[-1].candidates == 100


def test_the_source_of_a_written_query_is_read(models) -> None:
    (stage,) = fid_kd(writer=models.writer, rounds=1).steps[-1].stages
    assert filters.WithoutSource() not in stage


def test_the_loss_of_the_paper() -> None:
    """[067]: G = (1, 3, −1), S = (.2, .1, 0): KL 0.650742, with S as divided by √d."""
    import torch

    loss = fid_kd().steps[-1].stages[0][-1].loss
    assert loss == losses.KLDivergence(teacher_temperature=1.0, student_temperature=0.05)
    scores, targets = torch.tensor([[0.2, 0.1, 0]]) * 0.05, torch.tensor([[1.0, 3, -1]])
    value = loss(scores.double(), targets.double(), torch.ones(1, 3, dtype=torch.bool))
    assert value.item() == pytest.approx(0.650742, abs=1e-6)


def test_no_round_is_refused() -> None:
    with pytest.raises(RecipeError, match="rounds=0"):
        fid_kd(rounds=0)


def test_it_runs(models, tmp_path: Path) -> None:
    """The last labels are those of the reader for lists of the trained student."""
    reader = FusionInDecoder(models.writer.model)
    recipe = replace(fid_kd(reader=reader, queries=24, held_out=6, depth=4, steps=2), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
    cost = [step for step in outcome.facts["cost"]["steps"] if step["step"] == "ReaderAttention"]
    assert [step["reused"] for step in cost] == [False, False]
