"""udr from end to end: the reader's order of examples, in three rounds. [012]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.udr import udr
from acclimate.tables import Corpus

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((udr().steps, udr().judge))) == []


def test_words_find_fifty_examples_and_then_the_student_twice() -> None:
    first, second, third = udr().steps[-1].stages
    assert first[0] == miners.BM25(depth=50)
    assert second == third == (miners.WithStudent(depth=50), *first[1:])
    assert first[1:3] == (
        filters.WithoutSource(),
        labellers.ReaderLikelihood(target="output"),
    )
    assert first[-1].learning_rate == 1.3e-4


def test_the_order_counts_four_times_the_best_one() -> None:
    """[012]: cosines (1, 2, 0)/20, reader's order 1 > 2 > 3: 4 · 0.886627 + CE of the first.

    CE = ln(e⁰ + e¹ + e⁻¹) = 1.407606.
    """
    import torch

    loss = udr().steps[-1].stages[0][-1].loss
    assert [type(term) for term in loss.terms] == [losses.LambdaMRR, losses.ListSoftmaxCE]
    scores, targets = torch.tensor([[1.0, 2, 0]]) * 0.05, torch.tensor([[3.0, 2, 1]])
    value = loss(scores.double(), targets.double(), torch.ones(1, 3, dtype=torch.bool))
    assert value.item() == pytest.approx(4 * 0.886627 + 1.407606, abs=1e-5)


def test_it_runs_in_rounds(models, programs: Corpus, tmp_path: Path) -> None:
    recipe = replace(udr(queries=12, held_out=2, depth=6, steps=2, batch=4, rounds=2), judge=None)
    outcome = acclimate.adapt(recipe, programs, models.encoder, out=tmp_path / "run")
    names = [step["step"] for step in outcome.facts["cost"]["steps"]]
    assert names.count("ReaderLikelihood") == 2
    assert {"BM25", "WithStudent"} <= set(names)
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
