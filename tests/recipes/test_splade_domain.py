"""splade_domain from end to end: upper layers stay, lower ones learn the documents. [097]"""

from pathlib import Path

import pytest
import torch

import acclimate
from acclimate.models.encoders import Sparse
from acclimate.parts import labellers, loops, losses, students
from acclimate.parts.loops._written import finished
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.costs import Flow, Rates, foresee
from acclimate.recipes.splade_domain import splade_domain
from acclimate.testing import toys

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def splade(models, tmp_path_factory) -> Sparse:
    made = students.Sparse().prepare(models.encoder.load())
    return Sparse(str(finished(made, tmp_path_factory.mktemp("splade"))))


def test_without_a_judge_it_names_no_model_and_asks_nothing() -> None:
    recipe = splade_domain()
    assert list(refs_of((recipe.steps, recipe.judge))) == []
    assert [type(step) for step in recipe.steps] == [students.Sparse, loops.LayerSwap]


def test_two_layers_are_swapped_after_hiding_fifteen_percent() -> None:
    swap = splade_domain().steps[-1]
    assert (swap.layers, swap.loop.share, swap.loop.loss) == (2, 0.15, losses.MaskedLM())


def test_the_training_inside_is_foreseen() -> None:
    """2,000 · 32 documents of 100 tokens, read and told again, at 1,000 tokens a second."""
    told = foresee(
        splade_domain(), Flow(documents=1_000, tokens=100.0), Rates(encode=1e4, train=1e3)
    )
    (inside,) = [each for each in told if each.step.endswith("MaskedLanguage")]
    assert inside.what == "2,000 updates of 32 documents"
    assert inside.seconds == pytest.approx(2 * 2_000 * 32 * 100 / 1e3)


def test_a_judge_is_asked_about_pieces_of_documents(models) -> None:
    recipe = splade_domain(judge=models.scorer)
    assert recipe.judge == labellers.Score(teacher=models.scorer)
    assert len(recipe.steps) == 5


def test_the_upper_layer_and_the_head_stay_bit_for_bit(models, splade, tmp_path: Path) -> None:
    recipe = splade_domain(layers=1, steps=3, batch=4, learning_rate=1e-3)
    outcome = acclimate.adapt(recipe, toys.CORPUS, splade, out=tmp_path / "run")
    assert isinstance(outcome.encoder, Sparse)
    before, after = splade.load().state_dict(), outcome.encoder.load().state_dict()
    moved = {name for name in after if not torch.equal(before[name], after[name])}
    assert any("layer.0." in name for name in moved)
    assert any("word_embeddings" in name for name in moved)
    assert not any("layer.1." in name or "transform" in name for name in moved)


def test_the_gate_compares_it_with_the_one_it_was(models, splade, tmp_path: Path) -> None:
    recipe = splade_domain(judge=models.scorer, queries=60, held_out=24, layers=1, steps=2, batch=4)
    outcome = acclimate.adapt(recipe, toys.CORPUS, splade, out=tmp_path / "run")
    assert outcome.student.start == splade
    assert outcome.report.is_file()
