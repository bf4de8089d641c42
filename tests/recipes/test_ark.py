"""ark from end to end: three stages against ever nearer documents. [105]"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.remote import Remote
from acclimate.parts import filters, labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.ark import ark
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing.chat_server import ChatServer

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{place}-{n}",
        "title": "",
        "text": f"The {what} of {place} was opened in {year} by the mayor of {place}. "
        f"Each spring the {what} in {place} is closed for a week.",
    }
    for place, year in (("Aston", 1901), ("Burley", 1932), ("Corby", 1958), ("Derby", 1977))
    for n, what in enumerate(("bridge", "library", "station"))
)


def test_it_names_no_model() -> None:
    assert list(refs_of((ark().steps, ark().judge))) == []


def test_three_stages_have_the_papers_graphs_rates_and_weights() -> None:
    """[105]: random, 20 to 50 entities, 3 to 10; rates 1e-5, 8e-6, 4e-6; weights 1, .3, 1."""
    stages = ark().steps[-1].stages
    assert [stage[-1].learning_rate for stage in stages] == [1e-5, 8e-6, 4e-6]
    graphs = [stage[0].members[1] for stage in stages[1:]]
    assert [graph.entities for graph in graphs] == [(20, 50), (3, 10)]
    assert all(isinstance(graph, miners.GraphNeighbours) for graph in graphs)
    for stage in stages:
        assert filters.WithoutSource() in stage
        assert stage[2].weights == (1.0, 0.3, 1.0)
        assert stage[3] == labellers.TopBottom(top=10, bottom=20)
        assert stage[-1].loss == losses.MultiPositiveInfoNCE(temperature=0.05)


def test_it_runs_and_the_best_documents_are_relevant(models, tmp_path: Path) -> None:
    recipe = ark(queries=12, held_out=2, positives=2, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    sources = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    for query in set(labels["query_id"]):
        own = labels.where("query_id", [query])
        assert own["value"].count(1.0) == 2
        assert set(own["value"]) == {0.0, 1.0}
        assert sources[query] not in own["doc_id"]
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def test_a_language_model_asks_about_both_neighbourhoods(models, tmp_path: Path) -> None:
    """[105]: ten questions for each query and graph, each paid for once."""
    short = Corpus.of({**row, "text": row["text"].partition(". ")[0]} for row in CORPUS.dicts())
    with ChatServer(keep=True) as server:
        writer = Remote(model="toy", url=server.url)
        recipe = ark(writer=writer, queries=6, held_out=2, positives=2, steps=1, batch=4)
        graphs = [stage[0].members[1] for stage in recipe.steps[-1].stages[1:]]
        assert [graph.writer for graph in graphs] == [writer] * 2
        acclimate.adapt(replace(recipe, judge=None), short, models.encoder, out=tmp_path / "run")
        assert set(server.seen.good.values()) == {1}
    asked = Counter(body["messages"][-1]["content"] for body in server.seen.bodies)
    assert set(asked.values()) == {10}
    told = Counter(text.count(";") for text in asked)
    assert len(told) > 1  # the wide neighbourhood has more entities than the narrow one
