"""Losses that sentence-transformers has for cross-encoders give the same values here."""

from typing import Any, cast

import pytest
import torch

from acclimate.parts.losses import LambdaRank, ListNet, PairwiseLogistic, PointwiseMSE, TrueFalse

pytestmark = pytest.mark.integration

SCORES = torch.tensor([[0.3, 1.2, -0.4, 0.8], [2.0, 0.1, 0.5, -1.0]])
TARGETS = torch.tensor([[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 1.0, 2.0]])
MASK = torch.ones(2, 4, dtype=torch.bool)


class Known(torch.nn.Module):
    """Stands for a cross-encoder: a pair is its score."""

    num_labels = 1
    device = torch.device("cpu")

    def preprocess(self, pairs: list[tuple[str, float]], **kwargs: Any) -> dict[str, torch.Tensor]:
        return {"scores": torch.tensor([score for _, score in pairs])}

    def forward(self, tokens: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        return tokens


def value_of(loss: torch.nn.Module, rows: slice) -> float:
    """A listwise loss of sentence-transformers over these queries."""
    documents = [[float(score) for score in row] for row in SCORES[rows]]
    inputs = [["query"] * len(documents), documents]
    return float(loss(inputs, list(TARGETS[rows])))


@pytest.mark.parametrize("row", [0, 1])
def test_rank_net(row: int) -> None:
    from sentence_transformers.cross_encoder.losses import RankNetLoss

    rows = slice(row, row + 1)
    peer = value_of(RankNetLoss(cast(Any, Known()), reduction_log="natural"), rows)
    own = PairwiseLogistic(temperature=1.0)(SCORES[rows], TARGETS[rows], MASK[rows])
    assert own.item() == pytest.approx(peer, abs=1e-6)


@pytest.mark.parametrize("row", [0, 1])
def test_lambda_rank(row: int) -> None:
    from sentence_transformers.cross_encoder.losses import LambdaLoss, LambdaRankScheme

    rows, scheme = slice(row, row + 1), LambdaRankScheme()
    peer = value_of(LambdaLoss(cast(Any, Known()), scheme, reduction_log="natural"), rows)
    part = LambdaRank(metric="ndcg", temperature=1.0)
    assert part(SCORES[rows], TARGETS[rows], MASK[rows]).item() == pytest.approx(peer, abs=1e-6)


def test_list_net() -> None:
    from sentence_transformers.cross_encoder.losses import ListNetLoss

    peer = value_of(ListNetLoss(cast(Any, Known())), slice(0, 2))
    own = ListNet(student_temperature=1.0)(SCORES, TARGETS, MASK)
    assert own.item() == pytest.approx(peer, abs=1e-6)


def test_the_pointwise_ones() -> None:
    """Their mean is over pairs, which is the same where all queries have as many documents."""
    relevant = (TARGETS > 0).float()
    plain = torch.nn.functional.binary_cross_entropy_with_logits(SCORES, relevant)
    assert TrueFalse()(SCORES, TARGETS, MASK).item() == pytest.approx(plain.item(), abs=1e-6)
    square = torch.nn.functional.mse_loss(SCORES, TARGETS)
    assert PointwiseMSE()(SCORES, TARGETS, MASK).item() == pytest.approx(square.item(), abs=1e-6)
