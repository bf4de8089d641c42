"""LearnedFusion: the lists of several indexes in the order of a ranker. [089]"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.indexes import LearnedFusion
from acclimate.models.indexes.fusion_ranker import FusionRanker
from acclimate.testing.fakes import FakeEngine, FakeIndex, WordIndex

DOCUMENTS = ["warm milk", "cold milk", "warm cold milk", "bread", "milk"]
QUERIES = ["cold milk", "warm bread"]


@dataclass(frozen=True)
class Short:
    """Finds what another does, from the other end: few words are better."""

    def fingerprint(self) -> str:
        return "short"

    def build(self, documents, engine):
        del engine
        return ShortIndex(tuple(documents))


class ShortIndex(WordIndex):
    def rate(self, queries, among):
        found = super().rate(queries, among)
        return type(found)(found.positions, -found.scores)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A ranker that believes the second index alone, by its scores."""
    ranker = FusionRanker(2, 1)
    with torch.no_grad():
        for weights in ranker.parameters():
            weights.zero_()
        ranker.line.weight[0, 4] = 1.0
    ranker.save(tmp_path / "ranker")
    return str(tmp_path / "ranker")


def searched(index, depth=5, **more):
    return FakeEngine().search(index, DOCUMENTS, QUERIES, depth=depth, **more)


def test_results_are_in_the_rankers_order_and_any_index_may_find_them(folder: str) -> None:
    index = LearnedFusion(folder, (FakeIndex(), Short()), depth=2)
    hits = searched(index, depth=5)
    first = {row for row in searched(FakeIndex(), depth=5).positions[0].tolist() if row >= 0}
    assert set(hits.positions[0].tolist()) == first
    assert hits.positions[0].tolist() == searched(Short(), depth=5).positions[0].tolist()
    assert hits.scores[0].tolist() == searched(Short(), depth=5).scores[0].tolist()


def test_given_documents_are_rated_as_they_are_found(folder: str) -> None:
    index = LearnedFusion(folder, (FakeIndex(), Short()))
    hits = searched(index)
    among = np.concatenate([hits.positions, np.full((2, 1), -1)], axis=1)
    rated = searched(index, among=among)
    assert rated.scores[:, :-1].tolist() == hits.scores.tolist()
    assert np.isneginf(rated.scores[:, -1]).all()


def test_more_than_there_is_ends_in_nothing(folder: str) -> None:
    hits = searched(LearnedFusion(folder, (FakeIndex(), Short())), depth=8)
    assert (hits.positions[:, 5:] == -1).all()
    assert np.isneginf(hits.scores[:, 5:]).all()


def test_the_ranker_the_indexes_and_the_depth_are_in_the_fingerprint(
    folder: str, tmp_path: Path
) -> None:
    FusionRanker(2, 2).save(tmp_path / "other")
    told = [
        LearnedFusion(folder, (FakeIndex(), Short())),
        LearnedFusion(folder, (Short(), FakeIndex())),
        LearnedFusion(folder, (FakeIndex(), Short()), depth=3),
        LearnedFusion(str(tmp_path / "other"), (FakeIndex(), Short())),
    ]
    assert len({index.fingerprint() for index in told}) == len(told)


def test_indexes_it_did_not_learn_from_are_refused(folder: str) -> None:
    with pytest.raises(ModelError, match="2 retrievers, and 1 are given"):
        searched(LearnedFusion(folder, (FakeIndex(),)))
    with pytest.raises(ModelError, match="finds nothing"):
        LearnedFusion(folder, ())
    with pytest.raises(ModelError, match="depth of 1 or more"):
        LearnedFusion(folder, (FakeIndex(),), depth=0)
