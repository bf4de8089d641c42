"""SampledKL reproduces [027] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import KLDivergence, SampledKL
from acclimate.testing import behaviour

PLAIN = SampledKL()
SCORES = torch.tensor([[2.0, 0.0]], dtype=torch.float64)
RANKER = torch.tensor([[1.0, 3.0]], dtype=torch.float64)
LOG_Q = torch.tensor([[0.5, 0.25]], dtype=torch.float64).log()
ALL = torch.ones(1, 2, dtype=torch.bool)


def test_the_value_of_corr() -> None:
    """[027]: P = softmax(1 + ln 2, 3 + ln 4), S = softmax(2 + ln 2, ln 4): 1.227405."""
    assert PLAIN(SCORES, RANKER, ALL, LOG_Q).item() == pytest.approx(1.227405, abs=5e-7)


def test_uniform_draws_change_nothing() -> None:
    plain = KLDivergence(teacher_temperature=1.0, student_temperature=1.0)
    expected = plain(SCORES, RANKER, ALL).item()
    assert PLAIN(SCORES, RANKER, ALL).item() == pytest.approx(expected)
    assert PLAIN(SCORES, RANKER, ALL, LOG_Q * 0 - 3).item() == pytest.approx(expected)


def test_the_temperatures_divide_the_scores_and_not_the_correction() -> None:
    loss = SampledKL(teacher_temperature=2.0, student_temperature=0.05)
    value = loss(SCORES * 0.05, RANKER * 2, ALL, LOG_Q)
    assert value.item() == pytest.approx(1.227405, abs=5e-7)


def test_the_ranker_and_the_draw_learn_nothing() -> None:
    scores, ranker, log_q = (t.clone().requires_grad_() for t in (SCORES, RANKER, LOG_Q))
    PLAIN(scores, ranker, ALL, log_q).backward()
    assert scores.grad is not None
    assert ranker.grad is None
    assert log_q.grad is None


def test_a_batch_is_the_mean_of_queries_with_two_documents() -> None:
    mask = torch.tensor([[True, True], [True, False], [True, True]])
    scores, ranker = torch.cat([SCORES, SCORES, RANKER]), torch.cat([RANKER, RANKER, RANKER])
    value = PLAIN(scores, ranker, mask, torch.cat([LOG_Q, LOG_Q * float("nan"), LOG_Q]))
    assert value.item() == pytest.approx(1.227405 / 2, abs=5e-7)
    assert PLAIN.counts(scores, mask).tolist() == [True, False, True]


@pytest.mark.parametrize("name", ["teacher_temperature", "student_temperature"])
def test_a_temperature_of_zero_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match="above 0"):
        SampledKL(**{name: 0.0})


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    assert PLAIN.zero_at_teacher
    assert not SampledKL(student_temperature=0.05).zero_at_teacher


def test_the_relevant_document_may_stand_aside() -> None:
    """[027]: only drawn documents are compared, and two of them are needed."""
    drawn = SampledKL(source=False)
    scores, ranker = torch.tensor([[9.0, 2, 0]]), torch.tensor([[-9.0, 1, 3]])
    mask = torch.ones(1, 3, dtype=torch.bool)
    assert drawn(scores, ranker, mask).item() == pytest.approx(
        SampledKL()(scores[:, 1:], ranker[:, 1:], mask[:, 1:]).item()
    )
    few = torch.tensor([[True, True, True], [True, True, False]])
    assert drawn.counts(ranker, few).tolist() == [True, False]
    behaviour.check_all(drawn, folder="losses")
