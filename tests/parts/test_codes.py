"""Ids as numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from acclimate.parts._codes import coded, looked_up, places_within
from acclimate.tables import Qrels

QRELS = Qrels.of({"query_id": q, "doc_id": d, "grade": 1} for q, d in ("ax", "by", "az"))


def test_equal_ids_have_equal_numbers():
    codes, values = coded(QRELS, "query_id")
    assert codes.tolist() == [0, 1, 0]
    assert values == ["a", "b"]


def test_a_table_of_several_chunks_has_one_set_of_numbers():
    codes, values = coded(Qrels.joined([QRELS.take([1]), QRELS.take([0, 2])]), "query_id")
    assert [values[c] for c in codes] == ["b", "a", "a"]
    assert len(values) == 2


def test_an_empty_table_has_no_numbers():
    codes, values = coded(Qrels.empty(), "query_id")
    assert (codes.tolist(), values) == ([], [])


def test_values_without_a_number_get_minus_one():
    assert looked_up(["a", "?"], {"a": 3}).tolist() == [3, -1]


@given(st.lists(st.integers(0, 3), max_size=12), st.randoms())
def test_places_count_the_rows_of_a_group_that_came_before(group, random):
    order = sorted(range(len(group)), key=lambda row: (group[row], random.random()))
    places = places_within(np.asarray(group, dtype=np.int64), np.asarray(order, dtype=np.int64))
    seen: dict[int, int] = {}
    for row in order:
        assert places[row] == seen.get(group[row], 0)
        seen[group[row]] = seen.get(group[row], 0) + 1
