"""Layers: which weights a text passes first."""

from pathlib import Path

import pytest

from acclimate.models.layers import below, layers_of
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration


def test_embeddings_come_before_layers_and_lower_layers_first(tmp_path: Path) -> None:
    model = tiny_encoder(tmp_path).load()
    names = {id(w): name for name, w in model.named_parameters()}
    assert len(layers_of(model)) == 2
    first = [names[id(w)] for w in below(model, 1)]
    assert "word_embeddings" in first[0]
    assert any("layer.0." in name for name in first)
    assert not any("layer.1." in name for name in first)
    assert below(model, 0) == []
    both = [names[id(w)] for w in below(model, 2)]
    assert both[: len(first)] == first
    assert any("layer.1." in name for name in both)
