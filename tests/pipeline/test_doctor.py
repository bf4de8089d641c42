"""The doctor says what there is and fails at nothing."""

from __future__ import annotations

import os

import pytest

from acclimate.pipeline.doctor import examine


@pytest.mark.integration
def test_the_doctor_tells_of_libraries_models_and_machine() -> None:
    before = os.environ.get("HF_HUB_OFFLINE")
    told = examine(["no/such-model"])
    rows = {row["name"]: row for section in told.values() for row in section}
    assert rows["torch"]["ok"]
    assert "dimensions" in rows["all-MiniLM-L6-v2"]["text"]
    assert rows["no/such-model"]["ok"] is False
    assert "usable" in rows["cores"]["text"]
    assert "GiB" in rows["memory"]["text"]
    assert rows["offline"]["ok"] is not None
    assert {"bfloat16", "GPU"} <= set(rows)
    assert os.environ.get("HF_HUB_OFFLINE") == before
