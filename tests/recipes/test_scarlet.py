"""scarlet from end to end: what a document adds to the answer. [008]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import LanguageModel, NGramReader
from acclimate.models.remote import Remote
from acclimate.parts import filters, generators, labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.scarlet import scarlet
from acclimate.tables import Candidates, Corpus, Labels, Queries

pytestmark = pytest.mark.integration

PLACES = (("Aston", 1901), ("Burley", 1932), ("Corby", 1958), ("Derby", 1977))
CORPUS = Corpus.of(
    {
        "doc_id": f"{place}-{n}",
        "title": "",
        "text": f"The {what} of the town was opened in {year} by the mayor of {place}. "
        f"Each spring the {what} is closed for a week.",
    }
    for place, year in PLACES
    for n, what in enumerate(("bridge", "library", "station"))
)
SMALL = {"queries": 12, "held_out": 2, "depth": 5, "steps": 2}


def test_it_names_no_model() -> None:
    assert list(refs_of((scarlet().steps, scarlet().judge))) == []


def test_sixty_four_masks_and_three_clusters() -> None:
    steps = scarlet().steps
    assert steps[0] == generators.SalientSpanMasks(queries=6_000)
    part = labellers.PerturbationAttribution(reader=NGramReader(per_token=False))
    assert (part.masks, part.keep, part.target) == (64, 0.5, "answer")
    at = steps.index(part)
    assert steps[at + 1] == labellers.OneDimensionalClusters(clusters=3)
    assert steps[-1].loss == losses.InfoNCE(temperature=0.05)
    assert steps[-1].learning_rate == 6e-5


def test_what_a_writer_is_shown_is_read_with_what_searches_find() -> None:
    """[008]: one context for the tasks and for the reader, the source in it, and distractors."""
    writer = Remote(model="other", url="http://127.0.0.1:9/v1")
    generate, _, _, mine, label, *_ = steps = scarlet(writer=writer).steps
    assert generate == generators.SharedContext(writer=writer, documents=1_500, size=5)
    context, *searches = mine.members
    assert context == miners.EntityNeighbours(count=generate.size - 1)
    assert searches == list(scarlet().steps[3].members)
    assert filters.WithoutSource() in scarlet().steps
    assert filters.WithoutSource() not in steps
    assert label == scarlet().steps[5]


def test_a_language_model_writes_tasks_and_a_reader_says_what_each_document_adds(run) -> None:
    """[008] from end to end: answers are kept, and the whole context is among the candidates."""
    tables = run(scarlet, **(SMALL | {"queries": 24, "depth": 3}))
    queries = Queries.open(tables / "queries.arrow")
    assert set(queries["kind"]) <= {name for name, _ in generators.SharedContext.tasks}
    assert all(queries["answer"])
    found = Candidates.open(tables / "candidates.arrow")
    contexts = [query for query, miner in zip(found["query_id"], found["miner"], strict=True)
                if "entities" in miner]  # fmt: skip
    assert {contexts.count(query) for query in queries["query_id"]} <= set(range(2, 6))
    sources = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    labels = Labels.open(tables / "labels.arrow")
    assert set(labels["value"]) == {0.0, 1.0}
    read = set(zip(found["query_id"], found["doc_id"], strict=True))
    assert set(sources.items()) <= read
    assert set(zip(labels["query_id"], labels["doc_id"], strict=True)) <= read


def test_documents_that_have_the_answer_are_relevant(models, tmp_path: Path) -> None:
    """A year or a place is in the three documents of its town, the query's own left out."""
    recipe = replace(scarlet(**SMALL), judge=None)
    outcome = acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
    tables = outcome.run / "tables"
    queries = Queries.open(tables / "queries.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    town = {q: doc_id.split("-")[0] for q, doc_id in source.items()}
    labels = Labels.open(tables / "labels.arrow").dicts()
    relevant = [row for row in labels if row["value"] == 1]
    assert relevant
    for row in relevant:
        assert row["doc_id"].split("-")[0] == town[row["query_id"]]
        assert row["doc_id"] != source[row["query_id"]]
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def test_a_language_model_reads(models, tmp_path: Path) -> None:
    reader = LanguageModel(models.writer.model, per_token=False)
    recipe = replace(scarlet(reader=reader, masks=16, **SMALL), judge=None)
    outcome = acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
    assert set(Labels.open(outcome.run / "tables" / "labels.arrow")["value"]) == {0.0, 1.0}
