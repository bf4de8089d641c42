"""What an adapted student is searched with besides: feedback, words, imagined answers."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.engines.local import Local
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import BM25, Flat, HyDE, Interpolated, VectorPRF
from acclimate.parts.evaluators.retrieval import measured, run_of
from acclimate.recipes.contriever import contriever
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder, tiny_writer

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def adapted(tmp_path_factory: pytest.TempPathFactory) -> Dense:
    folder = tmp_path_factory.mktemp("served")
    base = tiny_encoder(folder / "encoder", texts=toys.CORPUS.contents)
    recipe = replace(contriever(queries=24, held_out=4, steps=2, batch=6), judge=None)
    return acclimate.adapt(recipe, toys.CORPUS, base, out=folder / "run").student.encoder


def test_feedback_with_words_before_after_both_and_never_gives_four_reports(adapted: Dense) -> None:
    """[111]: all four settings run on one toy set."""
    flat, words = Flat(adapted), BM25()
    before = VectorPRF(adapted, Interpolated(flat, words, lexical=0.5, dense=1.0, normalised=True))
    plain = VectorPRF(adapted)
    settings = {
        "none": plain,
        "before": before,
        "after": Interpolated(plain, words, lexical=0.5, dense=1.0, normalised=True),
        "both": Interpolated(before, words, lexical=0.5, dense=1.0, normalised=True),
    }
    engine, texts = Local(), toys.CORPUS.contents
    hits = {
        name: engine.search(index, texts, toys.QUERIES["text"], depth=10)
        for name, index in settings.items()
    }
    runs = {name: run_of(found, toys.CORPUS, toys.QUERIES) for name, found in hits.items()}
    scores = measured(runs, toys.QRELS)
    assert set(scores["system"]) == set(settings)
    assert len(scores) == 4 * len(set(toys.QRELS["query_id"])) * 5
    told = [found.scores for found in hits.values()]
    assert not any(np.array_equal(one, other) for one, other in pairwise(told))
    stays = engine.search(VectorPRF(adapted, documents=0), texts, toys.QUERIES["text"], depth=10)
    own = engine.search(flat, texts, toys.QUERIES["text"], depth=10)
    assert np.array_equal(stays.positions, own.positions)


def test_an_adapted_student_is_searched_with_imagined_answers(
    adapted: Dense, tmp_path: Path
) -> None:
    """[100]: served with the adapted student; passages are written once."""
    writer = tiny_writer(tmp_path / "writer", texts=toys.CORPUS.contents)
    engine, texts, asked = (
        Local(folder=tmp_path / "kept"),
        toys.CORPUS.contents,
        ["warm milk", "sun"],
    )
    index = HyDE(writer, adapted, count=3)
    found = engine.search(index, texts, asked, depth=5)
    prompts = [index.prompt.replace("{query}", query) for query in asked]
    written = engine.write(writer, prompts, count=3, seed=0)
    own = engine.encode(adapted, asked, kind="query")
    for row, passages in enumerate(written):
        there = [one.text for one in passages if one.text.strip()]
        imagined = engine.encode(adapted, there, kind="document")
        vector = (own[row] + imagined.sum(axis=0)) / (1 + len(there))
        documents = engine.encode(adapted, texts, kind="document")
        best = np.sort(documents @ vector)[::-1][:5]
        assert found.scores[row] == pytest.approx(best, abs=1e-5)
