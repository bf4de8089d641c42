"""rdr from end to end: a reader that looks for answers teaches. [077]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.readers import Extractive
from acclimate.parts import filters, labellers
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.rdr import rdr
from acclimate.tables import Labels, Queries
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_reader

pytestmark = pytest.mark.integration


def test_its_only_model_is_the_reader() -> None:
    assert list(refs_of((rdr().steps, rdr().judge))) == [Extractive()]
    assert labellers.Score(teacher=Extractive()) in rdr().steps


def test_the_loss_of_the_paper() -> None:
    """[077]: r = (4, 0), s = (1, 1), T = 2: target (.880797, .119203), KL 0.327813."""
    import torch

    loss = rdr(temperature=2.0).steps[-1].loss
    scores, targets = torch.tensor([[1.0, 1]]) * 0.05, torch.tensor([[4.0, 0]])
    value = loss(scores.double(), targets.double(), torch.ones(1, 2, dtype=torch.bool))
    assert value.item() == pytest.approx(0.327813, abs=1e-6)


def test_at_a_high_temperature_nothing_is_left_to_learn() -> None:
    """[077]: T → ∞ gives loss 0 and gradient 0."""
    import torch

    loss = rdr(temperature=1e6).steps[-1].loss
    scores = torch.tensor([[0.3, 0.1]], requires_grad=True)
    value = loss(scores, torch.tensor([[4.0, 0]]), torch.ones(1, 2, dtype=torch.bool))
    value.backward()
    assert value.item() == pytest.approx(0, abs=1e-6)
    assert scores.grad.abs().max().item() < 1e-5


@pytest.mark.parametrize("head", ["passage", "answerable"])
def test_it_runs_on_what_the_reader_says_of_each_document(models, tmp_path: Path, head) -> None:
    reader = tiny_reader(tmp_path / "reader", head=head, texts=toys.CORPUS.contents)
    recipe = replace(rdr(reader=reader, queries=24, held_out=6, depth=4, steps=2), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    row = Labels.open(outcome.run / "tables" / "labels.arrow").dicts()[0]
    text = queries["text"][queries.position[row["query_id"]]]
    document = toys.CORPUS.contents[toys.CORPUS.position[row["doc_id"]]]
    assert row["value"] == pytest.approx(reader.open("cpu").score([text], [document])[0], abs=1e-4)
    assert row["doc_id"] != queries["source_doc_id"][queries.position[row["query_id"]]]
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def test_the_source_of_a_written_query_is_read(models) -> None:
    assert filters.WithoutSource() in rdr().steps
    assert filters.WithoutSource() not in rdr(writer=models.writer).steps
