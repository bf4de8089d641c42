"""A model works in bfloat16 only where it is faster and bears it; what was chosen stays."""

import logging
from dataclasses import dataclass, field

import numpy as np
import pytest

from acclimate.engines import opened as module
from acclimate.engines.opened import Opened
from acclimate.engines.precision import scores_agree, vectors_agree
from acclimate.errors import StoreError


@dataclass
class Model:
    """Its vector turns by some degrees when it is halved."""

    degrees: float
    halved: bool = False

    def halve(self):
        self.halved = True

    def vectors(self):
        angle = np.radians(self.degrees if self.halved else 0)
        return np.array([[np.cos(angle), np.sin(angle)]], dtype=np.float32)


@dataclass(frozen=True)
class Ref:
    degrees: float = 0
    name: str = "model"
    loaded: list = field(default_factory=list)

    def open(self, device):
        self.loaded.append(device)
        return Model(self.degrees)

    def fingerprint(self):
        return self.name


@pytest.fixture
def faster(monkeypatch):
    monkeypatch.setattr(module, "chosen", lambda device: "bfloat16")


def _precision(opened, ref):
    return opened.precision(ref, Model.vectors, vectors_agree)


@pytest.mark.usefixtures("faster")
@pytest.mark.parametrize(("degrees", "precision"), [(2, "bfloat16"), (3, "float32")])
def test_a_cosine_below_999_is_too_much_lost(tmp_path, caplog, degrees, precision):
    # cos 2° = .99939, cos 3° = .99863
    opened, ref = Opened(tmp_path, "cpu", "auto"), Ref(degrees)
    with caplog.at_level(logging.WARNING):
        assert _precision(opened, ref) == precision
    assert opened.get(ref).halved == (precision == "bfloat16")
    assert ("loses too much" in caplog.text) == (precision == "float32")


@pytest.mark.usefixtures("faster")
def test_the_choice_is_written_down_for_runs_that_go_on(tmp_path, monkeypatch):
    _precision(Opened(tmp_path, "cpu", "auto"), Ref())
    monkeypatch.setattr(module, "chosen", lambda device: "float32")
    later, ref = Opened(tmp_path, "cpu", "auto"), Ref()
    assert _precision(later, ref) == "bfloat16"
    assert ref.loaded == []
    assert later.get(ref).halved


def test_where_bfloat16_is_not_faster_nothing_is_tried(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "chosen", lambda device: "float32")
    ref = Ref()
    assert _precision(Opened(tmp_path, "cpu", "auto"), ref) == "float32"
    assert ref.loaded == []


@pytest.mark.usefixtures("faster")
def test_float32_can_be_asked_for(tmp_path):
    opened, ref = Opened(tmp_path, "cpu", "float32"), Ref()
    assert _precision(opened, ref) == "float32"
    assert not opened.get(ref).halved


def test_the_models_used_last_are_held_and_others_are_let_go(tmp_path):
    opened = Opened(tmp_path, "cpu", "auto")
    refs = [Ref(name=str(number)) for number in range(3)]
    for number in (0, 1, 0, 2, 0, 1):
        opened.get(refs[number])
    # 2 took the place of 1, which came back.
    assert [len(ref.loaded) for ref in refs] == [1, 2, 1]


def test_a_damaged_note_is_named(tmp_path):
    opened = Opened(tmp_path, "cpu", "float32")
    _precision(opened, Ref())
    (note,) = (tmp_path / "precision").iterdir()
    note.write_text("{")
    with pytest.raises(StoreError, match="Delete it"):
        _precision(Opened(tmp_path, "cpu", "float32"), Ref())


def test_scores_agree_when_their_order_and_distances_do():
    single = np.array([1, 2, 3, 4], dtype=np.float32)
    assert scores_agree(single, single + np.float32(0.01))
    assert not scores_agree(single, single[::-1])
    assert not scores_agree(np.ones(3, np.float32), np.array([1, 1, 2], np.float32))
    assert scores_agree(np.ones(3, np.float32), np.ones(3, np.float32))
