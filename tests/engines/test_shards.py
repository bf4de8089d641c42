"""Shards are whole or not there."""

import numpy as np
import pytest

from acclimate.engines import shards as module
from acclimate.engines.shards import Shards
from acclimate.errors import StoreError


@pytest.fixture
def shards(tmp_path):
    return Shards(tmp_path / "work")


def test_arrays_are_read_back_mapped_from_disk(shards):
    shards.write(3, {"vectors": np.eye(2), "ends": np.arange(2)})
    found = shards.read(3, "vectors")
    assert isinstance(found, np.memmap)
    assert found.tolist() == [[1, 0], [0, 1]]
    assert shards.has(3, "ends")
    assert not shards.has(2, "vectors")
    assert not shards.has(3, "tokens")


def test_a_second_write_adds_what_is_missing_and_keeps_what_is_there(shards):
    shards.write(0, {"vectors": np.zeros(2)})
    shards.write(0, {"vectors": np.ones(2), "tokens": np.ones(3)})
    assert shards.read(0, "vectors").tolist() == [0, 0]
    assert shards.read(0, "tokens").tolist() == [1, 1, 1]
    assert [path.name for path in shards.folder.iterdir()] == ["00000"]


def test_a_shard_that_was_being_written_when_the_run_died_is_not_there(shards, monkeypatch):
    def die(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_replace", die)
    with pytest.raises(KeyboardInterrupt):
        shards.write(0, {"vectors": np.zeros(2)})
    assert not shards.has(0, "vectors")
    monkeypatch.undo()
    shards.write(0, {"vectors": np.ones(2)})
    assert shards.read(0, "vectors").tolist() == [1, 1]


def test_a_full_disk_is_said_before_it_is_filled(shards, monkeypatch):
    monkeypatch.setattr(module, "SPARE_BYTES", 2**62)
    with pytest.raises(StoreError, match="MB are free"):
        shards.write(0, {"vectors": np.zeros(2)})
    assert list(shards.folder.iterdir()) == []


def test_a_damaged_shard_is_named_with_what_to_do(shards):
    shards.write(0, {"vectors": np.zeros(2)})
    (shards.folder / "00000" / "vectors.npy").write_bytes(b"no array")
    with pytest.raises(StoreError, match=r"vectors.npy cannot be read.*Delete"):
        shards.read(0, "vectors")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Cannot write"):
        Shards(tmp_path / "file" / "work").write(0, {"vectors": np.zeros(2)})
