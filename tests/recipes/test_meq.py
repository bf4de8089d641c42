"""meq from end to end: questions and their near misses. [053]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.remote import Remote
from acclimate.parts import filters, generators, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.meq import meq
from acclimate.tables import Corpus, Queries
from acclimate.testing.chat_server import ChatServer

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{what}-{n}",
        "title": "",
        "text": f"The {colour} {what} needs oil once a year. Keep the {colour} {what} dry.",
    }
    for what in ("bridge", "engine", "pump")
    for n, colour in enumerate(("red", "green", "blue", "white"))
)


def test_it_names_no_model() -> None:
    assert list(refs_of((meq().steps, meq().judge))) == []


def test_the_loss_of_questions_comes_after_that_of_documents() -> None:
    """[053]: contrastive, with the questions of the batch; learning rate 1e-5."""
    contrast = meq().steps[-1]
    assert contrast.loop.loss == losses.InfoNCE(temperature=0.05, in_batch=True)
    assert contrast.questions.loss == losses.QuerySideContrastive(temperature=0.05, in_batch=True)
    assert contrast.loop.learning_rate == contrast.questions.learning_rate == 1e-5
    assert meq().steps[0] == generators.SpanQuestions(per_document=3, queries=6_000)


def test_near_misses_are_found_and_train(models, tmp_path: Path) -> None:
    """[053]: questions of one shape about other things."""
    recipe = meq(queries=36, held_out=4, depth=4, steps=2, question_steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = next(step["notes"] for step in told if step["name"] == "QuestionContrast")
    found = notes["questions"]
    assert 0 < found["with an edit"] <= len(queries.of_split("train"))
    assert found["labels"] >= 2 * found["with an edit"]
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def test_near_misses_that_a_language_model_answers_alike_are_left_out(models, tmp_path) -> None:
    """[053]: the toy model answers with every other word, so that no colour is in an answer."""
    corpus = Corpus.of(
        {"doc_id": f"{what}-{colour}", "title": "",
         "text": f"The {colour} {what} needs clean oil once in every dry year."}
        for what in ("bridge", "engine", "pump")
        for colour in ("red", "green", "blue", "white")
    )  # fmt: skip
    with ChatServer() as server:
        writer = Remote(model="toy", url=server.url)
        sizes = {"queries": 36, "held_out": 2, "depth": 4, "steps": 2, "question_steps": 2}
        recipe = replace(meq(writer=writer, batch=4, **sizes), judge=None)
        assert filters.AnswerDiffers(writer=writer) in recipe.steps
        outcome = acclimate.adapt(recipe, corpus, models.encoder, out=tmp_path / "run")
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    step = next(step for step in told if step["name"] == "AnswerDiffers")
    dropped = step["notes"]["dropped"]
    assert dropped["answered as a near one is"] > 0
    assert step["rows_out"] == step["rows_in"]["Queries"] - sum(dropped.values())
