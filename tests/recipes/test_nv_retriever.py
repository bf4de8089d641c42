"""nv_retriever from end to end: what reaches 95 % of the source's cosine is left out. [011]"""

from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.nv_retriever import nv_retriever
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def run(models, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("nv_retriever") / "run"
    recipe = nv_retriever(encoder=models.encoder, queries=24, held_out=6, depth=8, steps=3)
    return acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=out).run


def test_without_models_of_its_own_it_names_none() -> None:
    recipe = nv_retriever()
    assert list(refs_of((recipe.steps, recipe.judge))) == []
    assert miners.WithStudent(depth=30) in recipe.steps


def test_four_others_are_told_from_the_source_in_each_step() -> None:
    fit = nv_retriever().steps[-1]
    assert fit.candidates == 1 + 4
    assert fit.loss == losses.ListSoftmaxCE(temperature=0.05, in_batch=True)


def test_a_document_that_comes_too_close_to_the_source_has_no_label(run: Path, models) -> None:
    corpus = Corpus.open(run / "tables" / "corpus.arrow")
    queries = Queries.open(run / "tables" / "queries.arrow")
    candidates = Candidates.open(run / "tables" / "candidates.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    model = models.encoder.load()
    asked = model.encode_query(queries["text"])
    cosines = asked @ model.encode_document(corpus.contents).T
    kept = {}
    for row in candidates.dicts():
        query = queries.position[row["query_id"]]
        source = cosines[query, corpus.position[queries["source_doc_id"][query]]]
        value = cosines[query, corpus.position[row["doc_id"]]]
        if row["is_source"] or value <= source - 0.05 * abs(source):
            kept[row["query_id"], row["doc_id"]] = value
    told = list(zip(labels["query_id"], labels["doc_id"], strict=True))
    assert set(told) == set(kept)
    assert len(queries) < len(labels) < len(candidates)
    np.testing.assert_allclose(labels["value"], [kept[pair] for pair in told], atol=1e-5)
