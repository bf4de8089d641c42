"""TAS-B from end to end: topics are batches, and all pairs of a topic are judged. [019]"""

from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import filters, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.tas_b import tas_b
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 8}


@pytest.fixture(scope="module")
def run(models, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("tas_b") / "run"
    recipe = tas_b(writer=models.writer, teacher=models.scorer, **SMALL)
    return acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=out).run


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((tas_b().steps, tas_b().judge))) == []


def test_a_batch_is_a_topic_and_other_documents_count_three_quarters() -> None:
    parts = {type(step): step for step in tas_b(batch=48).steps}
    fit = tas_b(batch=48).steps[-1]
    assert parts[filters.Topics].size == fit.batch == 48
    balanced = parts[miners.Topical].miner
    assert isinstance(balanced, miners.BalancedMargin)
    assert (balanced.count, balanced.bins) == (2, 10)
    assert balanced.miner == miners.BM25(depth=50)
    assert balanced.labeller == tas_b(batch=48).judge
    assert fit.loss == losses.InBatchMarginMSE(own=fit.candidates, weight=0.75)
    assert fit.candidates == 2


def test_every_query_of_a_topic_is_judged_with_every_document_of_it(run: Path) -> None:
    queries = Queries.open(run / "tables" / "queries.arrow").of_split("train")
    labels = Labels.open(run / "tables" / "labels.arrow")
    judged: dict[int, set[frozenset[str]]] = {}
    for query, topic in zip(queries["query_id"], queries["topic"], strict=True):
        documents = frozenset(labels.where("query_id", [query])["doc_id"])
        judged.setdefault(topic, set()).add(documents)
    assert len(judged) == 3
    assert [len(sets) for sets in judged.values()] == [1, 1, 1]
    sources = {(q["topic"], q["source_doc_id"]) for q in queries.dicts()}
    assert all(source in next(iter(judged[topic])) for topic, source in sources)


def test_labels_are_the_cross_encoders_own_scores(run: Path, models) -> None:
    corpus = Corpus.open(run / "tables" / "corpus.arrow")
    queries = Queries.open(run / "tables" / "queries.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow").head(20)
    asked = [queries["text"][queries.position[q]] for q in labels["query_id"]]
    found = [corpus.contents[corpus.position[d]] for d in labels["doc_id"]]
    scores = models.scorer.open("cpu").score(asked, found)
    np.testing.assert_allclose(labels.array("value"), scores, rtol=1e-4, atol=1e-4)
