"""A bit or two of each dimension bring a token back to where it was, nearly."""

import numpy as np
import pytest

from acclimate.models.indexes.residuals import Bytes, Levels, Residuals


def test_two_bits_are_four_steps_that_are_equally_often():
    """Of 0 … 7: cuts between the quarters, and the middle of each quarter."""
    levels = Levels.of(np.arange(8, dtype=np.float32), 2)
    assert levels.cuts.tolist() == [1.75, 3.5, 5.25]
    assert levels.values.tolist() == [0.875, 2.625, 4.375, 6.125]
    assert Levels.of(np.arange(8, dtype=np.float32), 1).cuts.tolist() == [3.5]


@pytest.mark.parametrize(("bits", "bytes_"), [(1, 1), (2, 2)])
def test_what_is_packed_comes_back_as_the_values_of_its_steps(bits, bytes_):
    """Five dimensions: the bits that fill the last byte are cut off."""
    levels = Levels.of(np.arange(8, dtype=np.float32), bits)
    rows = np.array([[0, 7, 3, 4, 2], [5, 5, 1, 6, 7]], dtype=np.float32)
    packed = levels.packed(rows)
    assert packed.shape == (2, bytes_)
    assert packed.dtype == np.uint8
    nearest = levels.values[np.searchsorted(levels.cuts, rows)]
    assert levels.unpacked(packed, 5).tolist() == nearest.tolist()


def test_a_byte_is_a_127th_of_a_length_of_one():
    rows = np.array([[0.5, -1, 0.002, 1.5]], dtype=np.float32)
    packed = Bytes().packed(rows)
    assert packed.tolist() == [[64, -127, 0, 127]]
    assert np.allclose(Bytes().unpacked(packed, 4), [[64 / 127, -1, 0, 1]])


def test_a_token_is_its_centre_and_its_residual_at_length_one():
    """(1, 0) + (−.4, .8) = (.6, .8); (0, 1) + (.8, −.4) = (.8, .6); the middle text has none.

    Document by document the tokens are the second, the first and the second in the cells.
    """
    levels = Levels(np.array([0], np.float32), np.array([-0.4, 0.8], np.float32))
    moved = np.array([[-0.4, 0.8], [0.8, -0.4]], dtype=np.float32)
    held = Residuals(
        np.eye(2, dtype=np.float32), np.array([0, 1, 2]), levels.packed(moved), levels,
        np.array([1, 0, 1]), np.array([0, 2, 2, 3]),
    )  # fmt: skip
    assert len(held) == 3
    assert np.allclose(held[0], [[0.8, 0.6], [0.6, 0.8]])
    assert held[1].shape == (0, 2)
    assert np.allclose(held[2], [[0.8, 0.6]])
