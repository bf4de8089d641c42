"""Fingerprints: equal exactly when what comes out is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from acclimate.models.encoders.dense import Dense
from acclimate.pipeline.fingerprint import describe, key_of
from acclimate.testing import toys


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting."""

    value: object = 1


@dataclass(frozen=True, kw_only=True)
class Other:
    """A setting of another class."""

    value: object = 1


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.tuples(inner, inner),
    max_leaves=4,
)


@given(values, values)
def test_keys_are_equal_exactly_when_settings_are(one: object, other: object) -> None:
    same = repr(one) == repr(other)
    assert (key_of(Setting(value=one), {}, 0) == key_of(Setting(value=other), {}, 0)) == same


def test_the_class_of_a_part_counts() -> None:
    assert key_of(Setting(), {}, 0) != key_of(Other(), {}, 0)


def test_tables_count_by_content_not_by_object() -> None:
    copy = type(toys.CORPUS).of(toys.CORPUS.dicts())
    assert key_of(Setting(), {"corpus": toys.CORPUS}, 0) == key_of(Setting(), {"corpus": copy}, 0)
    less = toys.CORPUS.head(11)
    assert key_of(Setting(), {"corpus": toys.CORPUS}, 0) != key_of(Setting(), {"corpus": less}, 0)


def test_models_count_by_weights_not_by_name(tmp_path: Path) -> None:
    for name, weights in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(weights)
    a, b, c = (describe(Dense(str(tmp_path / n))) for n in "abc")
    assert a == b != c


def test_names_of_inputs_count() -> None:
    assert key_of(Setting(), {"a": 1}, 0) != key_of(Setting(), {"b": 1}, 0)
