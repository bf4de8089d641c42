"""scarlet from end to end: what a document adds to the answer. [008]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import LanguageModel, NGramReader
from acclimate.parts import generators, labellers, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.scarlet import scarlet
from acclimate.tables import Corpus, Labels, Queries

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
SMALL = {"queries": 12, "held_out": 2, "depth": 5, "steps": 2, "batch": 4}


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
