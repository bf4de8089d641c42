"""question_space from end to end: questions that stand for their documents. [082]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, generators, labellers
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.question_space import question_space
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing.fakes import FakeWriter
from acclimate.testing.tiny import tiny_reader

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{place}-{n}",
        "title": f"The {what} of {place}",
        "text": f"The {what} of the town was opened in {year} by the mayor of {place}. "
        f"Each spring the {what} in {place} is closed for a week.",
    }
    for place, year in (("Aston", 1901), ("Burley", 1932), ("Corby", 1958), ("Derby", 1977))
    for n, what in enumerate(("bridge", "library", "station"))
)


def test_it_names_no_model() -> None:
    assert list(refs_of((question_space().steps, question_space().judge))) == []


def test_questions_lead_back_and_two_ways_agree() -> None:
    """[082]: round trip, question space beside a retriever of documents, consistency first."""
    steps = question_space().steps
    assert filters.RoundTrip(depth=20) in steps
    ways = (labellers.QuestionSpace(pooling="max"), labellers.Fusion())
    assert labellers.Agreement(labellers=ways, top=3) in steps


def test_a_writer_asks_and_a_reader_keeps_what_has_an_answer(models, tmp_path: Path) -> None:
    reader = tiny_reader(tmp_path / "reader", texts=CORPUS["text"])
    recipe = question_space(writer=FakeWriter(), reader=reader, queries=48, held_out=4, steps=1)
    generator, _, answerable, *_ = recipe.steps
    assert generator == generators.DocToQuery(writer=FakeWriter(), per_document=3, at_least=48)
    assert answerable == filters.Answerable(reader=reader)
    lenient = recipe.exchanged(answerable, filters.Answerable(reader=reader, at_least=0))
    outcome = acclimate.adapt(
        replace(lenient, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    pieces = Corpus.open(outcome.run / "tables" / "corpus.arrow")
    texts = dict(zip(pieces["doc_id"], pieces.contents, strict=True))
    told = list(zip(queries["answer"], queries["source_doc_id"], strict=True))
    assert told
    assert all(answer and answer in texts[source] for answer, source in told)


def test_it_runs_and_what_is_agreed_upon_is_valued_most(models, tmp_path: Path) -> None:
    recipe = question_space(queries=50, held_out=4, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    assert {"span_question", "salient_mask"} == set(queries["kind"])
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = {step["name"]: step["notes"] for step in told}["Agreement"]
    agreed = {q for q, v in zip(labels["query_id"], labels["value"], strict=True) if v >= 2}
    assert len(agreed) == notes["queries with an agreement"] > 0
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
