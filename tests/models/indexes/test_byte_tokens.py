"""Bytes say of every document how high it scores, and how far from it that may be."""

import numpy as np
import pytest

from acclimate.models.indexes import byte_tokens
from acclimate.models.indexes.byte_tokens import ByteTokens, Turned, build, leading, merged
from acclimate.models.indexes.max_sim import gathered, scores


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def drawn(kind, dimensions=24, count=60):
    """Documents of up to 30 tokens, some without one, and a query."""
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(6, dimensions))
    if kind == "one large dimension":
        centres[:, 0] = 20
    spread = 1.0 if kind == "random" else 0.05
    pull = 0.0 if kind == "random" else 1.0

    def text(length):
        said = pull * centres[rng.integers(6, size=length)]
        return unit(said + spread * rng.normal(size=(length, dimensions)))

    return [text(length) for length in rng.integers(0, 30, size=count)], text(7)


def estimated(rows, query):
    return ByteTokens.found(build(rows)).estimates(query)


KINDS = ("random", "clusters", "one large dimension")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("block", [1, 40, 8_192])
def test_no_estimate_is_further_off_than_said(kind, block, monkeypatch):
    monkeypatch.setattr(byte_tokens, "BLOCK", block)
    rows, query = drawn(kind)
    found, slack = estimated(rows, query)
    true = scores(gathered([query], [0]), gathered(rows, range(len(rows))))[0]
    assert np.abs(found - true).max() <= slack < 0.06


@pytest.mark.parametrize("kind", KINDS)
def test_without_products_of_bytes_the_estimates_are_the_same(kind, monkeypatch):
    rows, query = drawn(kind)
    fast = estimated(rows, query)
    monkeypatch.setattr(byte_tokens, "_multiplies", lambda _: False)
    assert np.allclose(fast[0], estimated(rows, query)[0], atol=1e-6)


def test_some_of_the_documents_are_estimated_as_all_are():
    rows, query = drawn("clusters")
    held = ByteTokens.found(build(rows))
    some = np.array([7, 0, 31, 7])
    assert np.allclose(held.of(some).estimates(query)[0], held.estimates(query)[0][some])


def test_the_leading_directions_are_those_in_which_tokens_are_longest():
    """(3, 0, 0, 0) twice, (0, 0, 2, 0), (0, 1, 0, 0): the first, then the third."""
    rows = [np.array([[3, 0, 0, 0], [0, 0, 2, 0]], np.float32),
            np.array([[3, 0, 0, 0], [0, 1, 0, 0]], np.float32)]  # fmt: skip
    directions = leading(rows)
    assert np.allclose(np.abs(directions), np.eye(4)[:, [0, 2]])
    assert np.allclose(np.abs(Turned(rows, directions)[0]), [[3, 0], [0, 2]])
    assert len(Turned(rows, directions)) == 2


def test_a_byte_has_127_steps_to_the_largest_value_of_its_dimension():
    """.8 / 127 to a step above, 1 / 127 to the right: (.6, .8) is 76.2 → 76 and 127 steps."""
    made = build([np.array([[0.6, 0.8], [1, 0]], dtype=np.float32)])
    assert np.allclose(made["steps"], [1 / 127, 0.8 / 127])
    assert made["packed"].tolist() == [[76, 127], [127, 0]]
    assert np.allclose(made["reach"], [np.hypot(76, 127), 0.2 / 127], atol=1e-6)


def test_a_document_without_a_token_is_the_lowest_and_a_query_without_one_says_nothing():
    none, up = np.zeros((0, 2), np.float32), np.array([[0, 1]], dtype=np.float32)
    rows = [none, up, none, -up, none]
    found, slack = estimated(rows, up)
    assert np.allclose(found, [-1, 1, -1, -1, -1])
    assert slack < 1e-4
    assert estimated(rows, none)[0].tolist() == [-1, 0, -1, 0, -1]
    assert estimated([none, none], up)[0].tolist() == [-1, -1]


@pytest.mark.parametrize(("dimensions", "count"), [(1, 3), (2, 1), (3, 2), (130, 5)])
def test_any_number_of_dimensions_and_documents_is_multiplied_without_error(dimensions, count):
    rows, query = drawn("random", dimensions, count)
    rows.append(query)
    found, slack = estimated(rows, query)
    true = scores(gathered([query], [0]), gathered(rows, range(len(rows))))[0]
    assert np.abs(found - true).max() <= slack


def test_tokens_mapped_to_be_read_are_read(tmp_path):
    rows, query = drawn("clusters")
    made = build(rows)
    np.save(tmp_path / "packed.npy", made["packed"])
    mapped = {**made, "packed": np.load(tmp_path / "packed.npy", mmap_mode="r")}
    found = ByteTokens.found(mapped).estimates(query)[0]
    assert np.array_equal(found, ByteTokens.found(made).estimates(query)[0])


def test_near_tokens_of_a_query_are_merged_into_their_mean():
    """(1, 0), (.8, .2) and (.9, .1) are near each other, (0, 1) is not: three quarters, one."""
    query = np.array([[1, 0], [0, 1], [0.8, 0.2], [0.9, 0.1]], dtype=np.float32)
    means, shares = merged(query, 2)
    assert sorted(zip(shares.tolist(), means.round(6).tolist(), strict=True)) == [
        (0.25, [0, 1]), (0.75, [pytest.approx(0.9), pytest.approx(0.1)]),
    ]  # fmt: skip
    assert merged(query, 4)[0] is query
    assert merged(query[:0], 4)[1].tolist() == []


def test_shares_weigh_the_tokens_of_a_query():
    """Up scores 1 and right 0 with a document of up: .75 · 1 + .25 · 0."""
    held = ByteTokens.found(build([np.array([[0, 1]], dtype=np.float32)]))
    found, _ = held.estimates(np.eye(2, dtype=np.float32)[::-1], np.array([0.75, 0.25]))
    assert np.allclose(found, 0.75)
