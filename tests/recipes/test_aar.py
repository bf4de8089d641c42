"""aar from end to end: a reader prefers two of ten. [088]"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import FusionInDecoder
from acclimate.parts import labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.aar import aar
from acclimate.tables import Candidates, Labels, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeWriter

pytestmark = pytest.mark.integration


def test_its_only_model_is_the_reader() -> None:
    assert list(refs_of((aar().steps, aar().judge))) == [FusionInDecoder("google/flan-t5-base")]


def test_ten_of_two_hundred_are_read_and_two_of_them_preferred() -> None:
    window, preferred, fit = aar(writer=FakeWriter()).steps[-3:]
    assert (window.miner, window.first) == (miners.WithStudent(depth=200), 10)
    assert (window.skip, window.width) == (10, 190)
    assert (preferred.pool, preferred.top) == (10, 2)
    assert preferred.labeller == labellers.ReaderAttention()
    assert fit.loss == losses.MultiPositiveInfoNCE(temperature=0.05, in_batch=True)
    assert (fit.batch, fit.candidates, fit.learning_rate) == (8, 3 + 7, 5e-6)


def test_relevant_are_the_source_and_the_two_that_the_reader_looks_at_most(
    models, tmp_path: Path
) -> None:
    """Of the toy corpus 10 of 12 documents are read, so that 1 or 2 are not relevant."""
    reader = FusionInDecoder(models.writer.model)
    recipe = replace(aar(reader=reader, queries=20, held_out=4, steps=2), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    tables = outcome.run / "tables"
    labels, found = (
        kind.open(tables / f"{kind.__name__.lower()}.arrow") for kind in (Labels, Candidates)
    )
    rank = {(row["query_id"], row["doc_id"]): row["rank"] for row in found.dicts()}
    queries = Queries.open(tables / "queries.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    relevant = Counter()
    for row in labels.dicts():
        query, document = row["query_id"], row["doc_id"]
        if row["value"] == 0:
            assert rank[query, document] > 10
        elif document != source[query]:
            assert rank[query, document] <= 10
            relevant[query] += 1
    assert set(relevant) == set(source)
    assert set(relevant.values()) <= {1, 2}
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
