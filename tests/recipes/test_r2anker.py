"""R2anker from end to end: a cross-encoder, taught on documents of several retrievers. [087]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import losses, miners, students
from acclimate.recipes.r2anker import r2anker
from acclimate.tables import Candidates
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 4}


def test_lists_are_drawn_from_words_and_vectors_and_the_source_is_to_be_first() -> None:
    recipe = r2anker()
    (mixture,) = [step for step in recipe.steps if isinstance(step, miners.Mixture)]
    assert [type(member) for member in mixture.members] == [miners.BM25, miners.DenseSearch]
    assert isinstance(recipe.steps[0], students.Reranker)
    assert recipe.steps[-1].loop.loss == losses.ListSoftmaxCE()
    assert recipe.judge.encoder == mixture.members[1].encoder


def test_it_runs_and_gives_a_reranker_of_sentence_transformers(models, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder as Theirs

    recipe = replace(r2anker(retrievers=(models.encoder,), **SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.scorer, out=tmp_path / "run")
    assert isinstance(outcome.encoder, CrossEncoder)
    assert outcome.encoder.fingerprint() != models.scorer.fingerprint()
    scores = Theirs(str(outcome.model), device="cpu").predict([("the chain", "oil on the chain")])
    assert scores.shape == (1,)
    found = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    assert {"bm25", "dense"} & {name for m in found["miner"] for name in m.split("+")}
    assert "model.predict(" in (outcome.model / "README.md").read_text("utf-8")
