"""FusionRanker: what retrievers say, as numbers, and the network that reads them. [089]"""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.indexes.fusion_ranker import FusionRanker, opened, said
from acclimate.models.ref import Hits


def hits(positions: list[list[int]], scores: list[list[float]]) -> Hits:
    return Hits(np.array(positions), np.array(scores, dtype=np.float32))


FIRST = hits([[7, 3]], [[12.0, 4.0]])
SECOND = hits([[3, 9, -1]], [[0.75, 0.5, -np.inf]])


def test_what_a_run_lacks_is_nought_and_nought_beside_its_ends() -> None:
    """[089]: a document missing from run 1 has the row (0, 0, max1, min1, …)."""
    row = said([FIRST, SECOND], np.array([[9]]))[0, 0]
    assert row.tolist() == [0, 0, 12, 4, 0.5, 1, 0.75, 0.5]


def test_every_document_has_a_row_and_a_run_that_is_empty_says_nothing() -> None:
    empty = hits([[-1, -1]], [[-np.inf, -np.inf]])
    rows = said([FIRST, empty], np.array([[3, 7, -1]]))
    assert rows.shape == (1, 3, 8)
    assert rows[0, 0].tolist() == [4, 1, 12, 4, 0, 0, 0, 0]
    assert rows[0, 2].tolist() == [0, 0, 12, 4, 0, 0, 0, 0]


def test_units_of_a_retriever_do_not_matter() -> None:
    """Inputs are brought to one scale by what was measured."""
    told = torch.rand(50, 4)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        ranker = FusionRanker(1, 4)
    ranker.measured(told)
    before = ranker(told)
    ranker.measured(1000 * told + 5)
    torch.testing.assert_close(ranker(1000 * told + 5), before, rtol=1e-3, atol=1e-3)


def test_a_number_that_never_differs_breaks_nothing() -> None:
    ranker = FusionRanker(1, 4)
    ranker.measured(torch.ones(5, 4))
    assert torch.isfinite(ranker(torch.ones(5, 4))).all()


def test_what_is_saved_scores_alike(tmp_path: Path) -> None:
    ranker = FusionRanker(2, 3)
    ranker.measured(torch.rand(20, 8))
    ranker.save(tmp_path / "ranker")
    among = np.array([[3, 7, 9]])
    again = opened(tmp_path / "ranker", 2)
    assert again.scores([FIRST, SECOND], among).tolist() == (
        ranker.scores([FIRST, SECOND], among).tolist()
    )


def test_a_folder_without_a_ranker_and_one_of_other_retrievers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no ranker\.safetensors.*step loops\.FusionRanker"):
        opened(tmp_path, 2)
    FusionRanker(2, 3).save(tmp_path)
    with pytest.raises(ModelError, match="learned from 2 retrievers, and 3 are given"):
        opened(tmp_path, 3)
