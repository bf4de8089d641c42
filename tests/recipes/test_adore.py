"""ADORE after STAR, from end to end: queries move, document vectors do not. [113]"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import losses, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.adore import adore
from acclimate.recipes.star import star
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((adore().steps, adore().judge))) == []


def test_the_settings_are_the_papers() -> None:
    recipe = adore()
    rounds = recipe.steps[-1]
    fit = rounds.steps[-1].loop
    assert recipe.steps[0] == students.QuerySide()
    assert (fit.learning_rate, fit.batch, rounds.rounds) == (5e-6, 32, 6)
    assert fit.loss == losses.LambdaRank(metric="mrr", depth=200, temperature=0.05)
    assert fit.candidates == 1 + 200


def test_documents_keep_the_vectors_of_star_and_lists_are_found_anew(
    models, tmp_path: Path
) -> None:
    small = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 8}
    first = replace(star(**small), judge=None)
    then = replace(adore(rounds=2, **small), judge=None)
    before = acclimate.adapt(first, toys.CORPUS, models.encoder, out=tmp_path / "star").encoder
    outcome = acclimate.adapt(then, toys.CORPUS, before, out=tmp_path / "adore")
    texts, questions = toys.CORPUS.contents, toys.QUERIES["text"]
    base, of_star, of_adore = (e.load() for e in (models.encoder, before, outcome.encoder))
    documents = of_star.encode_document(texts)
    assert not np.allclose(documents, base.encode_document(texts), atol=1e-6)
    np.testing.assert_allclose(of_adore.encode_document(texts), documents, atol=1e-6)
    asked = of_star.encode_query(questions)
    assert not np.allclose(of_adore.encode_query(questions), asked, atol=1e-6)
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    assert len({step["key"] for step in steps if step["name"] == "WithStudent"}) == 2
