"""realm_pairs from end to end: who knows what the mask hides. [020]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import NGramReader
from acclimate.parts import filters, generators, labellers, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.realm_pairs import realm_pairs
from acclimate.tables import Corpus, Queries

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{place}-{n}",
        "title": "",
        "text": f"The {what} of the town was opened in {year} by the mayor of {place}. "
        f"Each spring the {what} in {place} is closed for a week.",
    }
    for place, year in (("Aston", 1901), ("Burley", 1932), ("Corby", 1958), ("Derby", 1977))
    for n, what in enumerate(("bridge", "library", "station"))
)


def test_it_names_no_model() -> None:
    assert list(refs_of((realm_pairs().steps, realm_pairs().judge))) == []


def test_eight_documents_and_never_the_source_explain_the_answer() -> None:
    recipe = realm_pairs()
    assert recipe.steps[0] == generators.SalientSpanMasks(queries=6_000)
    found, other, reads, fit = recipe.steps[-1].steps
    assert (found.depth, other) == (8, filters.WithoutSource())
    whole = NGramReader(per_token=False)
    assert reads == labellers.ReaderLikelihood(reader=whole, target="answer")
    assert fit.loss == losses.MarginalLikelihood(temperature=0.05)


def test_it_runs(models, tmp_path: Path) -> None:
    recipe = replace(realm_pairs(queries=12, held_out=2, depth=4, steps=2, batch=4), judge=None)
    outcome = acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert all("[MASK]" in text for text in queries["text"])
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
