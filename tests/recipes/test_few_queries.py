"""promptagator and duqgen: a few examples, a few documents, against a real server."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.remote import Remote
from acclimate.parts import filters, generators, loops
from acclimate.recipes.duqgen import duqgen
from acclimate.recipes.promptagator import promptagator
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.chat_server import ChatServer

pytestmark = pytest.mark.integration

EXAMPLE = ("Rim brakes press two pads on the wheel.", "how do rim brakes work", "brakes")


def test_promptagator_keeps_what_leads_back_and_begins_anew(run) -> None:
    tables = run(
        promptagator, documents=12, per_document=2, held_out=3, steps=2, batch=4,
        examples=(EXAMPLE,),
    )  # fmt: skip
    assert set(Queries.open(tables / "queries.arrow")["kind"]) == {"inpars"}
    *_, first, kept, again = promptagator().steps
    assert kept == filters.RoundTrip(depth=1, by="student")
    assert isinstance(first, loops.Rounds)
    assert again.restart
    assert again.steps == first.steps


def test_duqgen_writes_for_few_documents_and_finds_among_all(run) -> None:
    tables = run(duqgen, documents=5, depth=12, held_out=2, steps=2)
    queries = Queries.open(tables / "queries.arrow")
    assert 0 < len(set(queries["source_doc_id"])) <= 7
    assert len(Corpus.open(tables / "corpus.arrow")) == 12
    assert set(Candidates.open(tables / "candidates.arrow")["query_id"]) == set(queries["query_id"])
    chosen = filters.DiverseDocuments(at_most=1_200, clusters=1_000, temperature=1.0)
    first = duqgen().steps[0]
    assert isinstance(first, generators.OfDocuments)
    assert first.chosen == chosen


def test_duqgen_lets_another_model_look_over_the_queries(models, tmp_path: Path) -> None:
    """The toy model copies words of the document, and finds all four criteria met."""
    with ChatServer() as server:
        writer, checker = (Remote(model=name, url=server.url) for name in ("toy", "checker"))
        recipe = duqgen(writer=writer, checker=checker, documents=5, depth=12, held_out=2, steps=1)
        assert filters.FourCriteria(writer=checker) in recipe.steps
        assert not any(isinstance(part, filters.FourCriteria) for part in duqgen().steps)
        outcome = acclimate.adapt(
            replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
        )
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    (step,) = (step for step in told if step["name"] == "FourCriteria")
    assert step["notes"]["dropped"] == {
        "not answered": 0, "not complete": 0, "not specific": 0, "not natural": 0,
        "no verdict": 0, "in all": 0,
    }  # fmt: skip
    assert step["usage"]["write"]["asked"] == step["rows_out"] > 0
