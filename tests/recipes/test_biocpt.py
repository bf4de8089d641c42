"""biocpt from end to end: a log of clicks, and nothing else. [096]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.errors import TableError
from acclimate.parts import losses, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.biocpt import biocpt
from acclimate.tables import Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((biocpt().steps, biocpt().judge))) == []


def test_both_directions_learn_with_the_papers_share() -> None:
    fit = biocpt().steps[-1]
    assert fit.loss == losses.SymmetricInfoNCE(temperature=0.05, share=0.8, weighted=True)
    assert (fit.batch, fit.learning_rate) == (32, 2e-5)


def test_queries_and_documents_have_an_encoder_each() -> None:
    assert biocpt().steps[0] == students.TwoTowers()


def test_a_log_that_is_not_there_is_said_before_anything_is_learned(models, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"There is no file 'clicks\.tsv'"):
        acclimate.adapt(biocpt(), toys.CORPUS, models.encoder, out=tmp_path / "run")


@pytest.fixture(scope="module")
def run(models, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("biocpt") / "run"
    recipe = biocpt(clicks=toys.CLICKS.path, held_out=2, steps=3, batch=4)
    outcome = acclimate.adapt(replace(recipe, judge=None), toys.CORPUS, models.encoder, out=out)
    model, before = outcome.encoder.load(), models.encoder.load().encode(toys.CORPUS.contents)
    asked = model.encode_query(toys.CORPUS.contents)
    found = model.encode_document(toys.CORPUS.contents)
    assert not np.allclose(asked, found, atol=1e-6)
    assert not np.allclose(asked, before, atol=1e-6)
    assert not np.allclose(found, before, atol=1e-6)
    return outcome.run


def test_the_clicked_document_is_the_positive_with_its_clicks(run: Path) -> None:
    """[096]: w = log2(clicks + 1)."""
    queries = Queries.open(run / "tables" / "queries.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    keys = zip(labels["query_id"], labels["doc_id"], strict=True)
    told = dict(zip(keys, labels["value"], strict=True))
    weights = {"why does my bicycle squeak": 3.0, "how do bees make honey": 2.321928}
    for query in queries.dicts():
        value = told[query["query_id"], query["source_doc_id"]]
        assert value >= 1
        assert value == pytest.approx(weights.get(query["text"], value))


def test_what_else_was_clicked_for_a_query_is_no_negative(run: Path) -> None:
    queries = Queries.open(run / "tables" / "queries.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    tide = queries.where("text", ["what causes the tide"])
    assert len(tide)
    for query in tide["query_id"]:
        own = labels.where("query_id", [query])
        told = dict(zip(own["doc_id"], own["value"], strict=True))
        assert (told["tides"], told["moon"]) == (2.0, 1.0)
