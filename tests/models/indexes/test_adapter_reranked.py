"""AdapterReranked: the first results by score and by what the adapter says. [025]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.error_adapter import ErrorAdapter, opened
from acclimate.models.indexes import AdapterReranked, Flat
from acclimate.models.scorers import CrossEncoder
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeIndex

DOCUMENTS = ["warm milk", "cold milk", "warm cold milk", "bread", "milk"]
ENCODER = FakeEncoder(dimension=64)
QUERIES = ["cold milk", "warm bread"]


@pytest.fixture
def adapter(tmp_path: Path) -> str:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        ErrorAdapter(64, 8).save(tmp_path / "adapter")
    return str(tmp_path / "adapter")


def searched(index, depth=5, **more):
    return FakeEngine().search(index, DOCUMENTS, QUERIES, depth=depth, **more)


def test_a_score_is_multiplied_with_a_power_of_the_chance() -> None:
    """[025]: base .6, adapter .9, λ = 2: .6 · .81 = 0.486."""
    told = AdapterReranked("a", power=2.0).moderated(np.float32([0.6]), np.float32([0.9]))
    assert told.tolist() == pytest.approx([0.486])


def test_a_score_below_nought_is_not_raised_by_a_doubt() -> None:
    told = AdapterReranked("a").moderated(np.float32([-0.5, 0.5]), np.float32([0.1, 0.1]))
    assert told.tolist() == pytest.approx([-0.5, 0.05])


def test_results_are_put_in_order_by_both(adapter: str) -> None:
    hits = searched(AdapterReranked(adapter, ENCODER, FakeIndex(), power=2.0), depth=3)
    base = searched(FakeIndex(), among=np.tile(np.arange(5), (2, 1))).scores
    queries, documents = (
        FakeEngine().encode(ENCODER, texts, kind=kind)
        for texts, kind in ((QUERIES, "query"), (DOCUMENTS, "document"))
    )
    for row, query in enumerate(queries):
        chances = opened(Path(adapter)).relevance(np.tile(query, (5, 1)), documents)
        wanted = base[row] * chances**2
        best = np.argsort(-wanted, kind="stable")[:3]
        assert hits.positions[row].tolist() == best.tolist()
        assert hits.scores[row] == pytest.approx(wanted[best])


def test_without_power_the_order_is_that_of_the_index(adapter: str) -> None:
    hits, plain = searched(AdapterReranked(adapter, ENCODER, power=0.0)), searched(Flat(ENCODER))
    assert hits.positions.tolist() == plain.positions.tolist()
    assert hits.scores == pytest.approx(plain.scores)


def test_what_is_not_looked_at_follows(adapter: str) -> None:
    index = AdapterReranked(adapter, ENCODER, FakeIndex(), power=3.0, depth=2)
    hits, first = searched(index), searched(FakeIndex())
    assert (np.diff(hits.scores, axis=1) <= 0).all()
    assert hits.positions[:, 2:].tolist() == first.positions[:, 2:].tolist()
    assert (np.sort(hits.positions[:, :2]) == np.sort(first.positions[:, :2])).all()


def test_its_fingerprint_is_of_weights_models_and_settings(adapter: str, tmp_path: Path) -> None:
    index = AdapterReranked(adapter, ENCODER)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        ErrorAdapter(64, 8).save(tmp_path / "other")
    others = [
        replace(index, adapter=str(tmp_path / "other")), replace(index, encoder=FakeEncoder()),
        replace(index, first=FakeIndex()), replace(index, power=2.0), replace(index, depth=2),
    ]  # fmt: skip
    assert len({one.fingerprint() for one in (index, *others)}) == 6


def test_what_cannot_be_is_refused(adapter: str, tmp_path: Path) -> None:
    for wrong in ({"power": -1.0}, {"depth": 0}):
        with pytest.raises(ModelError, match="power of 0 or more"):
            AdapterReranked(adapter, **wrong)
    with pytest.raises(ModelError, match="no single vector"):
        AdapterReranked(adapter, CrossEncoder("m")).build(DOCUMENTS, FakeEngine())
    with pytest.raises(ModelError, match="no adapter"):
        AdapterReranked(str(tmp_path), ENCODER).build(DOCUMENTS, FakeEngine())
