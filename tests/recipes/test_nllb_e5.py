"""nllb_e5 from end to end: taught in one language, it reads another. [049]"""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

import acclimate
from acclimate.models.encoders import Dense
from acclimate.parts import losses
from acclimate.parts.loops._written import finished
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.nllb_e5 import nllb_e5
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration

TEXTS = toys.CORPUS.contents


def translated(text: str) -> str:
    """A language of which every word is one of ours with "zu" behind it."""
    return re.sub(r"[a-z]+", lambda word: word.group() + "zu", text.lower())


@pytest.fixture(scope="module")
def unaligned(tmp_path_factory) -> Dense:
    """An encoder that knows the words of both languages, each word for itself."""
    texts = [*TEXTS, *map(translated, TEXTS)]
    return tiny_encoder(tmp_path_factory.mktemp("u"), texts=texts, seed=5, max_length=128)


@pytest.fixture(scope="module")
def aligned(unaligned: Dense, tmp_path_factory) -> Dense:
    """The same, with a word and its translation alike."""
    model = unaligned.load()
    words, weights = model.tokenizer.get_vocab(), model[0].model.embeddings.word_embeddings.weight
    with torch.no_grad():
        for word, row in words.items():
            if word + "zu" in words:
                weights[words[word + "zu"]] = weights[row]
    return Dense(str(finished(model, tmp_path_factory.mktemp("a"))))


def test_the_backbone_is_checked_before_the_run_and_there_is_no_judge(aligned: Dense) -> None:
    recipe = nllb_e5(backbone=aligned)
    assert list(refs_of((recipe.steps, recipe.judge))) == [aligned]
    assert recipe.steps[1].loss == losses.EmbeddingDistillation(distance="mse")


def test_what_it_learns_in_one_language_holds_in_the_other(
    models, aligned: Dense, unaligned: Dense, tmp_path: Path
) -> None:
    """[049]: trained on the first language alone, a text and its translation have one vector."""
    alike = {}
    for name, backbone in (("aligned", aligned), ("unaligned", unaligned)):
        recipe = nllb_e5(
            backbone=backbone, steps=4, batch=6, learning_rate=1e-2, backbone_learns=False
        )
        outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / name)
        model = outcome.encoder.load()
        ours, theirs = model.encode(TEXTS), model.encode([translated(text) for text in TEXTS])
        assert ours.shape[1] == models.encoder.load().get_embedding_dimension()
        alike[name] = np.abs(ours - theirs).max()
    assert alike["aligned"] < 1e-5
    assert alike["unaligned"] > 0.05
