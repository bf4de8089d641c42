"""ErrorAdapter: kept as numbers, and read as it was."""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.error_adapter import CLASSES, ErrorAdapter, opened


def test_what_is_relevant_is_a_true_positive_or_a_false_negative() -> None:
    """Logits ln 4, ln 3, ln 2, ln 1 whatever is seen: (4 + 3) / 10."""
    adapter = ErrorAdapter(2, 3)
    torch.nn.init.zeros_(adapter.classes.weight)
    adapter.classes.bias.data = torch.tensor([4.0, 3.0, 2.0, 1.0]).log()
    pairs = np.ones((5, 2), dtype=np.float32)
    assert CLASSES[:2] == ("true positive", "false negative")
    assert adapter.relevance(pairs, pairs).tolist() == pytest.approx([0.7] * 5)


def test_a_saved_adapter_says_the_same(tmp_path: Path) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        adapter = ErrorAdapter(4, 3)
        torch.nn.init.normal_(adapter.move.weight)
    queries, documents = np.random.default_rng(0).normal(size=(2, 6, 4)).astype(np.float32)
    adapter.save(tmp_path / "adapter")
    again = opened(tmp_path / "adapter").relevance(queries, documents)
    assert again.tolist() == adapter.relevance(queries, documents).tolist()
    assert len(set(again.tolist())) == 6


def test_a_folder_without_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no adapter"):
        opened(tmp_path)
