"""Plans depend on the set of items only; batches hold texts of one padded length."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from acclimate.engines import batching
from acclimate.engines.batching import batches, budget_of, key_of, plan

TEXTS = st.lists(st.text("abc", max_size=6), max_size=40)


def _plan(texts):
    return plan(texts, [len(text) for text in texts])


@given(TEXTS)
def test_each_distinct_text_is_planned_once_and_found_again(texts):
    work = _plan(texts)
    assert sorted(work.items) == sorted(set(texts))
    assert [work.items[place] for place in work.inverse] == texts


@given(TEXTS, st.randoms())
def test_order_and_repeats_do_not_change_the_plan(texts, random):
    shuffled = [*texts, *texts[:3]]
    random.shuffle(shuffled)
    one, other = _plan(texts), _plan(shuffled)
    assert (one.items, one.shards, one.order) == (other.items, other.shards, other.order)


def test_shards_cover_all_items_within_both_limits(monkeypatch):
    monkeypatch.setattr(batching, "SHARD_CHARACTERS", 10)
    monkeypatch.setattr(batching, "SHARD_ITEMS", 3)
    work = _plan(["a", "b", "c", "d", "eeee", "ffff", "gggg", "h" * 50])
    # 1 + 1 + 1 | 1 + 4 + 4 | 4 | 50
    assert [len(work.items[part]) for part in work.shards] == [3, 3, 1, 1]
    assert [work.shards[0].start, work.shards[-1].stop] == [0, 8]
    assert sorted(work.order) == [0, 1, 2, 3]


def test_nothing_is_planned_for_nothing():
    assert _plan([]).shards == []


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(8, 500))
def test_batches_hold_each_row_once_at_one_padded_length_within_the_budget(tokens, budget):
    tokens = np.array(tokens, dtype=np.int64)
    found = list(batches(tokens, budget))
    assert sorted(np.concatenate([[], *found]).tolist()) == list(range(len(tokens)))
    for rows in found:
        padded = {-(-max(1, int(tokens[row])) // 8) for row in rows}
        assert len(padded) == 1
        assert len(rows) == 1 or 8 * padded.pop() * len(rows) <= budget


def test_a_gpu_gets_more_at_once():
    assert budget_of("cuda:1") > budget_of("cpu")


def test_a_key_changes_with_who_which_texts_and_their_borders():
    keys = {
        key_of("query", "model", ["ab", "c"]),
        key_of("document", "model", ["ab", "c"]),
        key_of("query", "other", ["ab", "c"]),
        key_of("query", "model", ["a", "bc"]),
        key_of("query", "model", ["c", "ab"]),
        key_of("query", "model", ["ab", "c", ""]),
    }
    assert len(keys) == 6
