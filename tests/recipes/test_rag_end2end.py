"""rag_end2end from end to end: sentences that are to be finished. [007]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import NGramReader
from acclimate.parts import filters, generators, labellers, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.rag_end2end import rag_end2end
from acclimate.tables import Corpus, Labels, Queries

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
    assert list(refs_of((rag_end2end().steps, rag_end2end().judge))) == []


def test_the_rest_is_read_from_what_does_not_repeat_the_beginning() -> None:
    recipe = rag_end2end()
    assert recipe.steps[0] == generators.SentenceReconstruction(queries=6_000)
    _, other, new, reads, fit = recipe.steps[-1].steps
    assert (other, new) == (filters.WithoutSource(), filters.SubstringOverlap(at_most_words=5))
    whole = NGramReader(per_token=False)
    assert reads == labellers.ReaderLikelihood(reader=whole, target="answer")
    assert fit.loss == losses.MarginalLikelihood(temperature=0.05)


def test_documents_that_tell_the_rest_train_the_student(models, tmp_path: Path) -> None:
    """[007]: reconstruction alone: no question, no answer, and never the sentence's document."""
    recipe = replace(rag_end2end(queries=12, held_out=2, depth=6, steps=2, batch=4), judge=None)
    outcome = acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    assert all(text.endswith(" [MASK]") for text in queries["text"])
    assert len(labels)
    for query, document in zip(labels["query_id"], labels["doc_id"], strict=True):
        assert document != source[query]
    assert max(labels["value"]) < 0  # logarithms of likelihoods
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
