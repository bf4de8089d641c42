"""Batches hold texts of like lengths and never too many tokens."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from train.batching import batches, padded


@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 50), max_size=200), seed=st.integers(0, 5))
def test_every_row_is_there_once_and_fits(lengths, seed):
    made = batches(lengths, 100, (seed,))
    assert sorted(row for batch in made for row in batch) == list(range(len(lengths)))
    for batch in made:
        assert len(batch) * max(lengths[row] for row in batch) <= 100 or len(batch) == 1


def test_the_seed_decides_the_order():
    lengths = list(range(1, 60))
    assert batches(lengths, 100, (1, 2)) == batches(lengths, 100, (1, 2))
    assert batches(lengths, 100, (1, 2)) != batches(lengths, 100, (1, 3))


def test_rows_are_padded_to_the_longest():
    ids, mask = padded([[5, 6, 7], [8]], "cpu")
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert torch.equal(mask, ids > 0)
