"""SSP from end to end: sessions first, then their turns ask. [026]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import loops, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.ssp import ssp
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

TALKS = Corpus.of(
    {
        "doc_id": f"talk-{n}",
        "title": "",
        "text": f"Ann: Please tell me something about {title.lower()}.\nBob: {first}.\n"
        f"Ann: And what else is there to know about it?\nBob: {rest}",
    }
    for n, (title, text) in enumerate(zip(toys.CORPUS["title"], toys.CORPUS["text"], strict=True))
    for first, rest in [text.split(". ", 1)]
)


def test_it_names_no_model_and_has_the_papers_numbers() -> None:
    assert list(refs_of((ssp().steps, ssp().judge))) == []
    first = ssp().steps[0]
    assert isinstance(first, loops.TopicShift)
    assert first.loss == losses.EmbeddingDistillation(distance="mse")
    assert (first.learning_rate, first.batch, first.distil) == (2e-5, 32, 1.0)


def test_turns_train_what_sessions_have_trained(models, tmp_path: Path) -> None:
    recipe = ssp(queries=12, held_out=2, posttraining=2, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), TALKS, models.encoder, out=tmp_path / "run"
    )
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    first, again = (step for step in steps if step["name"] == "TopicShift")
    assert first["notes"]["texts"] >= len(TALKS)
    assert again["notes"]["topic shifts"] > 0
    (posttrained,) = (outcome.run / first["folder"]).glob("model-*")
    told = {replace(models.encoder, model=str(posttrained)).fingerprint()}
    told |= {models.encoder.fingerprint(), outcome.student.encoder.fingerprint()}
    assert len(told) == 3
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    kinds = set(queries["kind"])
    assert "conversation_cloze" in kinds
    assert any(kind.startswith("topic_shift ") for kind in kinds)
