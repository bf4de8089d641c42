"""Losses of a query's documents: what stands where no document is, is never looked at."""

import pytest
import torch

from acclimate.parts import losses

LOSSES = (
    losses.AdversarialReward(),
    losses.DPO(),
    losses.GRPO(),
    losses.GeneralizedCE(),
    losses.LambdaMRR(),
    losses.LambdaMRR(ranks="student"),
    losses.LambdaRank(),
    losses.LambdaRank(metric="ndcg"),
    losses.LambdaRankHinge(margin=1.0),
    losses.ListNet(),
    losses.MarginalLikelihood(),
    losses.PPO(),
    losses.PairwiseBCE(),
    losses.PairwiseLogistic(),
    losses.PairwiseSoftplus(),
    losses.PointwiseMSE(),
    losses.PolicyGradient(),
    losses.PolicyGradient(rewards="log-likelihoods"),
    losses.PropensityWeighted(),
    losses.PropensityWeighted(others="by posterior"),
    losses.RenyiBound(),
    losses.RenyiBound(alpha=0.5),
    losses.RenyiBound(alpha=1.0),
    losses.SequentialListwise(student_temperature=0.1),
    losses.SymmetricCE(),
    losses.TrueFalse(),
    losses.WeightedNLL(),
)
REFERENCED = [loss for loss in LOSSES if "reference" in type(loss).__call__.__annotations__]
MASK = torch.tensor([[True, True, False, True], [True, False, True, False]])
SCORES = torch.tensor([[0.3, 0.5, 0, 0.1], [0.2, 0, 0.6, 0]], dtype=torch.float64)
TARGETS = torch.tensor([[2.0, -1, 0, 1], [0.5, 0, -2, 0]], dtype=torch.float64)
REFERENCE = torch.tensor([[0.1, 0.4, 0, 0.3], [0.5, 0, 0.2, 0]], dtype=torch.float64)


def filled(values: torch.Tensor, stuff: float) -> torch.Tensor:
    return torch.where(MASK, values, torch.full_like(values, stuff))


@pytest.mark.parametrize("stuff", [float("nan"), float("inf"), -float("inf"), 1e9])
@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_the_loss_and_its_gradient_are_the_same(loss: losses.ListNet, stuff: float) -> None:
    found = []
    for rubbish in (0.0, stuff):
        scores = filled(SCORES, rubbish).requires_grad_()
        value = loss(scores, filled(TARGETS, rubbish), MASK)
        value.backward()
        assert scores.grad is not None
        assert not scores.grad[~MASK].any()
        assert scores.grad[MASK].any()
        found.append([value.item(), *scores.grad.flatten().tolist()])
    assert found[0] == found[1]


@pytest.mark.parametrize("stuff", [float("nan"), float("inf"), 1e9])
@pytest.mark.parametrize("loss", REFERENCED, ids=repr)
def test_nor_is_a_reference_looked_at_there(loss: losses.PPO, stuff: float) -> None:
    found = []
    for rubbish in (0.0, stuff):
        scores = SCORES.clone().requires_grad_()
        value = loss(scores, TARGETS, MASK, filled(REFERENCE, rubbish))
        value.backward()
        assert scores.grad is not None
        found.append([value.item(), *scores.grad.flatten().tolist()])
    assert found[0] == found[1]


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_a_batch_without_documents_is_no_loss_and_no_gradient(loss: losses.ListNet) -> None:
    scores = SCORES.clone().requires_grad_()
    nothing = torch.zeros_like(MASK)
    value = loss(scores, TARGETS, nothing)
    value.backward()
    assert value.item() == 0
    assert scores.grad is not None
    assert scores.grad.tolist() == torch.zeros_like(scores).tolist()
    assert not loss.counts(TARGETS, nothing).any()


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_a_masked_document_is_as_if_it_were_not_there(loss: losses.ListNet) -> None:
    for row, kept in ((0, [0, 1, 3]), (1, [0, 2])):
        some = torch.tensor(kept)
        tensors = [tensor[[row]] for tensor in (SCORES, TARGETS, MASK)]
        without = loss(*(tensor[:, some] for tensor in tensors)).item()
        assert loss(*tensors).item() == pytest.approx(without)


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_the_order_of_the_documents_does_not_matter(loss: losses.ListNet) -> None:
    """The first stays, as the source does."""
    order = [0, 3, 1, 2]
    value = loss(SCORES[:, order], TARGETS[:, order], MASK[:, order]).item()
    assert value == pytest.approx(loss(SCORES, TARGETS, MASK).item())
