"""MaxSim of many queries and documents at once, by hand."""

import numpy as np
import pytest

from acclimate.models.indexes import max_sim
from acclimate.models.indexes.max_sim import blocks, gathered, scores

UP, RIGHT = [0.0, 1.0], [1.0, 0.0]
TEXTS = [np.array(rows, dtype=np.float32).reshape(-1, 2) for rows in (
    [UP], [RIGHT, UP], [], [[0.6, 0.8]], [[0.6, 0.8], RIGHT],
)]  # fmt: skip


def test_of_q_the_unit_vectors_and_d_two_tokens_the_sum_is_1_8():
    """[036], [086]: Q = I, D = (.6, .8), (1, 0): (1 + .8) / 2."""
    assert scores(gathered(TEXTS, [1]), gathered(TEXTS, [4])).item() == pytest.approx(0.9)


def test_texts_without_a_token_stand_between_others_and_move_nothing():
    found = scores(gathered(TEXTS, [0, 2, 1]), gathered(TEXTS, [2, 3, 2, 0]))
    assert np.allclose(found, [[-1, 0.8, -1, 1], [-1, 0, -1, 0], [-1, 0.7, -1, 0.5]])


def test_nothing_asked_and_nothing_there_give_no_scores():
    assert scores(gathered(TEXTS, []), gathered(TEXTS, [0, 1])).shape == (0, 2)
    assert scores(gathered(TEXTS, [0]), gathered(TEXTS, [])).shape == (1, 0)
    assert scores(gathered(TEXTS, [2]), gathered(TEXTS, [0])).tolist() == [[0]]


def test_some_of_several_texts_are_taken_in_any_order():
    some = gathered(TEXTS, range(5)).of(np.array([4, 2, 1]))
    assert some.lengths.tolist() == [2, 0, 2]
    assert np.allclose(some.vectors, np.concatenate([TEXTS[4], TEXTS[1]]))


@pytest.mark.parametrize("size", [1, 3, 100])
def test_blocks_hold_every_text_once_and_in_order(size, monkeypatch):
    monkeypatch.setattr(max_sim, "BLOCK_TOKENS", size)
    found = list(blocks(TEXTS))
    assert [first for first, _ in found] == list(
        np.cumsum([0, *(len(tokens) for _, tokens in found)])[:-1]
    )
    assert [n for _, tokens in found for n in tokens.lengths.tolist()] == [1, 2, 0, 1, 2]
