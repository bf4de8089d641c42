"""The engine: each thing once, the same bits whatever happened before, nothing lost in a crash."""

import numpy as np
import pytest

from acclimate.engines import batching, encoding
from acclimate.engines.local import Local
from acclimate.errors import StoreError
from acclimate.models.indexes import BM25
from acclimate.testing.counting import Counting, Log

TEXTS = [f"{'ab' * (row % 13)}{row}" for row in range(60)]


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch):
    monkeypatch.setattr(batching, "SHARD_ITEMS", 16)
    monkeypatch.setattr(batching, "BATCH_TOKENS", 64)


def _local(folder, **settings):
    return Local(device="cpu", folder=folder, precision="float32", **settings)


def _encode(engine, model, texts=TEXTS):
    return np.array(engine.encode(model, texts, kind="document"))


def _tokens(engine, model, texts=TEXTS):
    rows = engine.encode_tokens(model, texts, kind="document")
    return np.concatenate([rows[row] for row in range(len(rows))])


def _terms(engine, model, texts=TEXTS):
    return engine.encode_terms(model, texts, kind="document").toarray()


def _score(engine, model, texts=TEXTS):
    return engine.score(model, [text[:3] for text in texts], texts)


def _write(engine, model, texts=TEXTS):
    return np.array(
        [
            [(text.text, str(text.log_prob)) for text in found]
            for found in engine.write(model, texts, count=2, seed=1)
        ]
    )


VERBS = pytest.mark.parametrize("verb", [_encode, _tokens, _terms, _score, _write])


def test_vectors_come_in_the_order_of_the_texts(tmp_path):
    vectors = _encode(_local(tmp_path), Counting(Log()))
    assert vectors.dtype == np.float32
    assert vectors[:, 0].tolist() == [len(text) for text in TEXTS]


@VERBS
def test_each_distinct_item_is_computed_once(tmp_path, verb):
    log = Log()
    engine = _local(tmp_path)
    result = verb(engine, Counting(log), TEXTS + TEXTS[::-1])
    assert len(log.items) == len(set(log.items)) == len(TEXTS)
    half = len(result) // 2
    if verb is not _tokens:
        assert np.array_equal(result[:half], result[half:][::-1])


@VERBS
def test_what_was_computed_is_found_by_another_engine_in_any_order(tmp_path, verb):
    first = verb(_local(tmp_path), Counting(Log()))
    log = Log()
    again = verb(_local(tmp_path), Counting(log), TEXTS[::-1] + TEXTS[:5])
    assert log.batches == []
    if verb is not _tokens:
        assert np.array_equal(again[: len(TEXTS)], first[::-1])


@VERBS
@pytest.mark.parametrize("fail_after", [0, 1, 7, 12])
def test_a_crash_loses_one_shard_and_the_result_is_bit_for_bit_the_same(tmp_path, verb, fail_after):
    whole_log, log, rest = Log(), Log(fail_after=fail_after), Log()
    whole = verb(_local(tmp_path / "whole"), Counting(whole_log))
    with pytest.raises(KeyboardInterrupt):
        verb(_local(tmp_path / "crashed"), Counting(log))
    resumed = verb(_local(tmp_path / "crashed"), Counting(rest))
    assert np.array_equal(resumed, whole)
    assert len(whole_log.items) <= len(log.items) + len(rest.items) <= len(whole_log.items) + 16
    assert rest.batches == whole_log.batches[-len(rest.batches) :]


@VERBS
def test_another_model_is_not_mistaken_for_this_one(tmp_path, verb):
    engine, log = _local(tmp_path), Log()
    verb(engine, Counting(Log()))
    verb(engine, Counting(log, name="other"))
    assert len(log.items) == len(TEXTS)


def test_what_was_computed_before_does_not_change_vectors(tmp_path):
    expected = _encode(_local(tmp_path / "fresh"), Counting(Log()))
    engine = _local(tmp_path / "used")
    _encode(engine, Counting(Log()), TEXTS[:7])
    _tokens(engine, Counting(Log()), TEXTS[3:])
    assert np.array_equal(_encode(engine, Counting(Log())), expected)


def test_queries_and_documents_are_kept_apart(tmp_path):
    engine, log = _local(tmp_path), Log()
    engine.encode(Counting(log), ["a"], kind="query")
    engine.encode(Counting(log), ["a"], kind="document")
    assert log.batches == [["a"], ["a"]]


def test_after_token_vectors_sentence_vectors_are_free_and_the_same(tmp_path):
    log, engine = Log(), _local(tmp_path)
    _tokens(engine, Counting(log))
    asked = len(log.batches)
    free = _encode(engine, Counting(log))
    assert len(log.batches) == asked
    assert np.array_equal(free, _encode(_local(tmp_path / "other"), Counting(Log())))


def test_after_sentence_vectors_of_documents_token_vectors_are_free(tmp_path):
    log, engine = Log(), _local(tmp_path)
    _encode(engine, Counting(log))
    asked = len(log.batches)
    _tokens(engine, Counting(log))
    assert len(log.batches) == asked


def test_token_vectors_that_would_take_too_much_disk_are_not_kept_unasked(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "KEPT_BYTES", 100)
    log, engine = Log(), _local(tmp_path)
    vectors = _encode(engine, Counting(log))
    assert list(tmp_path.rglob("tokens.npy")) == []
    asked = len(log.batches)
    _tokens(engine, Counting(log))
    assert len(log.batches) == 2 * asked
    assert np.array_equal(_encode(engine, Counting(log)), vectors)


def test_token_vectors_are_those_of_their_text_in_half_precision(tmp_path):
    rows = _local(tmp_path).encode_tokens(Counting(Log()), ["abc", "", "a"], kind="document")
    assert len(rows) == 3
    assert [rows[row].shape for row in range(3)] == [(3, 2), (0, 2), (1, 2)]
    assert rows[0].dtype == np.float32
    assert rows[0].tolist() == [[0.75, 0.75]] * 3


def test_vectors_beyond_the_memory_limit_are_mapped_from_disk(tmp_path):
    small = _local(tmp_path, max_ram_bytes=8 * 60 * 2 * 4 - 1)
    mapped = small.encode(Counting(Log()), TEXTS, kind="document")
    assert isinstance(mapped, np.memmap)
    held = _local(tmp_path, max_ram_bytes=8 * 60 * 2 * 4).encode(
        Counting(Log()), TEXTS, kind="document"
    )
    assert not isinstance(held, np.memmap)
    assert np.array_equal(mapped, held)
    assert isinstance(small.encode(Counting(Log()), TEXTS[::-1], kind="document"), np.memmap)


def test_a_pair_is_paid_for_once_across_calls_and_runs(tmp_path):
    log, shared = Log(), tmp_path / "ledger"
    first = _score(_local(tmp_path / "one", ledger=shared), Counting(log), TEXTS[:40])
    second = _score(_local(tmp_path / "two", ledger=shared), Counting(log))
    assert len(log.items) == len(set(log.items)) == len(TEXTS)
    assert np.array_equal(second[:40], first)


def test_texts_written_keep_letters_beyond_ascii_and_unknown_log_probabilities(tmp_path):
    for _ in range(2):
        ((one, two),) = _local(tmp_path).write(Counting(Log()), ["p"], count=2, seed=7)
        assert (one.text, one.log_prob) == ("p 0 7 é1", None)
        assert (two.text, two.log_prob) == ("p 1 7 é1", -1.0)


def test_another_seed_and_count_are_written_anew(tmp_path):
    engine, log = _local(tmp_path), Log()
    for count, seed in ((1, 0), (1, 1), (2, 0)):
        engine.write(Counting(log), ["p"], count=count, seed=seed)
    assert len(log.batches) == 3


def test_progress_counts_what_is_left_to_do(tmp_path):
    seen = []

    def track(rows, what, total):
        rows = list(rows)
        seen.append((what, total, len(rows)))
        yield from rows

    engine = _local(tmp_path, track=track)
    _encode(engine, Counting(Log()), TEXTS)
    _encode(engine, Counting(Log()), TEXTS)
    _score(engine, Counting(Log()), TEXTS[:50])
    _score(engine, Counting(Log()), TEXTS)
    _write(engine, Counting(Log()), TEXTS[:3])
    assert seen == [
        ("encode documents", 60, 60),
        ("score pairs", 50, 50),
        ("score pairs", 10, 10),
        ("write texts", 3, 3),
    ]


def test_usage_tells_what_was_asked_and_what_was_computed(tmp_path):
    engine = _local(tmp_path)
    _encode(engine, Counting(Log()), ["abc", "abc", "d"])
    _encode(engine, Counting(Log()), ["d", "abc"])
    usage = engine.usage["encode"]
    assert usage.pop("seconds") > 0
    counted = {"calls": 2, "asked": 5, "computed": 2, "tokens": 4, "requests": 0, "money": 0}
    assert usage == counted


def test_an_index_is_built_once_over_the_same_documents():
    engine, documents = Local(), ["a pump", "a valve"]
    index = BM25(language="en")
    assert engine.search(index, documents, ["valves"], depth=1).positions.tolist() == [[1]]
    held = dict(engine._indexes)
    rated = engine.search(index, list(documents), ["valves"], among=np.array([[0, 1]]))
    assert rated.scores[0, 0] == 0 < rated.scores[0, 1]
    assert dict(engine._indexes) == held
    engine.search(index, documents[::-1], ["valves"], depth=1)
    assert len(engine._indexes) == 2


def test_what_an_index_makes_is_made_once_and_mapped_from_disk(tmp_path):
    made = []

    def make():
        made.append(1)
        return {"centres": np.eye(2), "ends": np.arange(3)}

    one = Local(folder=tmp_path).keep("cells", ["a", "b"], make)
    two = Local(folder=tmp_path).keep("cells", ["a", "b"], make)
    assert len(made) == 1
    assert isinstance(two["centres"], np.memmap)
    assert {name: array.tolist() for name, array in one.items()} == {
        "centres": [[1, 0], [0, 1]],
        "ends": [0, 1, 2],
    }
    Local(folder=tmp_path).keep("cells", ["b", "a"], make)
    Local(folder=tmp_path).keep("other cells", ["a", "b"], make)
    assert len(made) == 3


def test_nothing_asked_is_nothing_computed(tmp_path):
    engine, model = _local(tmp_path), Counting(Log())
    assert engine.encode(model, [], kind="query").shape == (0, 2)
    assert len(engine.encode_tokens(model, [], kind="query")) == 0
    assert engine.score(model, [], []).shape == (0,)
    assert engine.write(model, [], count=2, seed=0) == []
    assert engine.write(model, ["p"], count=0, seed=0) == [[]]


def test_a_temporary_folder_goes_with_the_engine():
    engine = Local(device="cpu")
    folder = engine.folder
    _encode(engine, Counting(Log()))
    assert any(folder.rglob("*.npy"))
    engine.close()
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Cannot write to"):
        _encode(_local(tmp_path / "file" / "engine"), Counting(Log()))


def test_weights_that_are_0_are_not_kept(tmp_path):
    """A text without a letter has one weight, the trace of its batch."""
    found = _local(tmp_path).encode_terms(Counting(Log()), ["", "ab"], kind="query")
    assert found.shape == (2, 2)
    assert found.nnz == 3
    assert found.dtype == np.float32
    assert _local(tmp_path).encode_terms(Counting(Log()), [], kind="query").shape == (0, 2)
