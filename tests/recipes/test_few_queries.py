"""promptagator and duqgen: a few examples, a few documents, against a real server."""

import pytest

from acclimate.parts import filters, generators, loops
from acclimate.recipes.duqgen import duqgen
from acclimate.recipes.promptagator import promptagator
from acclimate.tables import Candidates, Corpus, Queries

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
    tables = run(duqgen, documents=5, depth=12, held_out=2, steps=2, batch=4)
    queries = Queries.open(tables / "queries.arrow")
    assert 0 < len(set(queries["source_doc_id"])) <= 7
    assert len(Corpus.open(tables / "corpus.arrow")) == 12
    assert set(Candidates.open(tables / "candidates.arrow")["query_id"]) == set(queries["query_id"])
    chosen = filters.DiverseDocuments(at_most=1_200, clusters=1_000, temperature=1.0)
    first = duqgen().steps[0]
    assert isinstance(first, generators.OfDocuments)
    assert first.chosen == chosen
