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
    (mined,) = (step for step in recipe.steps if isinstance(step, miners.PositiveAware))
    assert mined == miners.PositiveAware(miner=miners.WithStudent(depth=30), percent=0.95, keep=10)


def test_four_others_are_told_from_the_source_in_each_step() -> None:
    fit = nv_retriever().steps[-1].loop
    assert fit.candidates == 1 + 4
    assert fit.loss == losses.ListSoftmaxCE(temperature=0.05, in_batch=True)


def test_a_document_that_comes_too_close_to_the_source_is_no_candidate(run: Path, models) -> None:
    corpus = Corpus.open(run / "tables" / "corpus.arrow")
    queries = Queries.open(run / "tables" / "queries.arrow")
    candidates = Candidates.open(run / "tables" / "candidates.arrow")
    model = models.encoder.load()
    cosines = model.encode_query(queries["text"]) @ model.encode_document(corpus.contents).T
    dropped = 0
    for query, name, source in zip(
        cosines, queries["query_id"], queries["source_doc_id"], strict=True
    ):
        own = query[corpus.position[source]]
        found = [row for row in np.argsort(-query) if corpus["doc_id"][row] != source][:8]
        stay = [row for row in found if query[row] <= own - 0.05 * abs(own)]
        here = candidates.where("query_id", [name])
        assert set(here["doc_id"]) == {source} | {corpus["doc_id"][row] for row in stay}
        dropped += len(found) - len(stay)
    assert dropped > 0


def test_the_source_alone_is_relevant(run: Path) -> None:
    candidates = Candidates.open(run / "tables" / "candidates.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    assert labels["value"] == [float(own) for own in candidates["is_source"]]
