"""Choices by id: the same whatever the order or company."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from acclimate.parts._hashing import hashes, mixed, rng_of, salt
from acclimate.parts.part import Context


@given(st.lists(st.text(), unique=True), st.randoms())
def test_an_id_has_the_same_number_in_any_order(ids, random):
    shuffled = ids[:]
    random.shuffle(shuffled)
    one = dict(zip(ids, hashes(ids, 3).tolist(), strict=True))
    other = dict(zip(shuffled, hashes(shuffled, 3).tolist(), strict=True))
    assert one == other


def test_another_salt_gives_other_numbers():
    assert hashes(["a"], 1) != hashes(["a"], 2)


def test_numbers_are_uniform():
    luck = hashes([str(i) for i in range(10_000)], 0) / 2**64
    assert abs(luck.mean() - 0.5) < 0.01
    assert abs((luck < 0.1).mean() - 0.1) < 0.01


def test_mixed_numbers_depend_on_both():
    a, b = hashes(["a", "a", "b"], 0), hashes(["x", "y", "x"], 0)
    assert len(set(mixed(a, b).tolist())) == 3
    assert not np.array_equal(mixed(a, b), mixed(b, a))


def test_the_salt_depends_on_seed_and_part():
    assert len({salt(Context(seed=s), p) for s in (0, 1) for p in ("a", "b")}) == 4


def test_an_item_has_its_own_random_numbers():
    assert rng_of("a", 1).random() == rng_of("a", 1).random() != rng_of("b", 1).random()
