"""The migration page: its code for today runs as it stands, with tiny models for the hub's."""

import re
from pathlib import Path
from typing import Any

import pytest
from haystack import Document

import haystack_integrations.components.training.acclimate as components

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "haystack.md"


@pytest.mark.integration
def test_the_code_for_today_runs(
    documents: list[Document], models: dict[str, str], tmp_path: Path
) -> None:
    _, today = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)
    assert "cross" not in today  # the teacher is the default one, given below
    for name, ours in (
        ("sentence-transformers/msmarco-distilbert-base-tas-b", models["student"]),
        ("doc2query/msmarco-t5-base-v1", models["writer"]),
        ("adapted_retriever", str(tmp_path)),
        ("    top_k=50,", f'    top_k=50, cross_encoder_model_name_or_path="{models["teacher"]}",'),
    ):
        assert name in today
        today = today.replace(name, ours)
    names: dict[str, Any] = {"documents": documents}
    exec(today, names)  # noqa: S102 - our own page
    assert len(names["output"]["gpl_labels"]) == 36
    assert names["trained"]["report"]["loss"] == "margin_mse"
    assert len(names["adapted"].run("tyre")["embedding"]) == 32


def test_the_table_names_every_component() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    assert {name for name in vars(components) if name[0].isupper()} <= told
