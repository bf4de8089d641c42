"""AdaQR from end to end: rewrites of conversations, rewarded by what was answered. [040]"""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import acclimate
from acclimate.models.remote import Remote
from acclimate.parts import drafters, loops, losses, students
from acclimate.recipes.adaqr import adaqr
from acclimate.tables import Corpus, Drafts, Queries
from acclimate.testing import toys
from acclimate.testing.chat_server import ChatServer

pytestmark = pytest.mark.integration

TALKS = Corpus.of(
    {
        "doc_id": f"talk-{n}",
        "title": "",
        "text": f"Ann: Please tell me something about {title.lower()}.\nBob: {first}.\n"
        f"Ann: And what else is there to know about it?\nBob: {second}",
    }
    for n, (title, text) in enumerate(zip(toys.CORPUS["title"], toys.CORPUS["text"], strict=True))
    for first, second in [text.split(". ", 1)]
)
CORPUS = Corpus.joined([toys.CORPUS, TALKS])


def test_the_numbers_are_the_papers() -> None:
    """[040]: three rewrites; at the policy before a preference costs ln 2."""
    shape, *_, trains = adaqr().steps
    assert shape == students.QuerySide()
    assert isinstance(trains, loops.WithDrafts)
    assert trains.alone
    assert trains.loop.loss == losses.DPO(beta=0.1, temperature=0.05)
    (writes,) = [step for step in adaqr().steps if isinstance(step, drafters.Rewrites)]
    assert writes.each == trains.loop.candidates == 3
    scores, worth = torch.tensor([[0.3, 0.2]]), torch.tensor([[-1.0, -3.0]])
    cost = trains.loop.loss(scores, worth, torch.ones(1, 2, dtype=torch.bool), scores)
    assert cost.item() == pytest.approx(math.log(2))


def test_rewrites_are_rewarded_and_the_query_side_learns(models, tmp_path: Path) -> None:
    with ChatServer() as server:
        recipe = adaqr(writer=Remote(model="toy", url=server.url), queries=12, held_out=2, steps=2)
        outcome = acclimate.adapt(
            replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
        )
    tables = outcome.run / "tables"
    drafts, queries = Drafts.open(tables / "drafts.arrow"), Queries.open(tables / "queries.arrow")
    assert len(drafts)
    assert all(-math.inf < value < 0 for value in drafts["value"])
    assert set(drafts["query_id"]) <= set(queries.of_split("train")["query_id"])
    talked = {source.partition("#")[0] for source in queries["source_doc_id"]}
    assert talked <= set(TALKS["doc_id"])
    before, after = models.encoder.open("cpu"), outcome.encoder.open("cpu")
    texts = CORPUS.contents
    documents = (m.encode(texts, kind="document") for m in (before, after))
    assert np.allclose(*documents, atol=1e-6)
    assert not np.array_equal(*(m.encode(texts, kind="query") for m in (before, after)))
