"""epr from end to end: examples that make an output likely. [048]"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import LanguageModel
from acclimate.parts import labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.epr import epr
from acclimate.tables import Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((epr().steps, epr().judge))) == []


def test_fifty_examples_like_the_output_are_read_and_five_of_each_end_labelled() -> None:
    mine, label, ends, fit = epr().steps[-4:]
    assert mine == miners.Lookahead(miner=miners.BM25(depth=50))
    assert label == labellers.ReaderLikelihood(target="output")
    assert ends == labellers.TopBottom(top=5, bottom=5)
    assert fit.loss == losses.MultiPositiveInfoNCE(temperature=0.05, in_batch=True)
    assert (fit.candidates, fit.learning_rate) == (10, 1.34e-4)


def test_a_query_learns_from_other_examples_only(models, tmp_path: Path) -> None:
    reader = LanguageModel(models.writer.model)
    recipe = replace(epr(reader=reader, queries=12, held_out=2, steps=2, batch=4), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    titles = dict(zip(toys.CORPUS["title"], toys.CORPUS["doc_id"], strict=True))
    assert queries["source_doc_id"] == [titles[text] for text in queries["text"]]
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    assert all(source[row["query_id"]] != row["doc_id"] for row in labels.dicts())
    relevant = Counter(row["query_id"] for row in labels.dicts() if row["value"] == 1)
    assert max(relevant.values()) <= 5
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
