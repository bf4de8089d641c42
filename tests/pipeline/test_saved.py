"""Recipes and students as JSON and back; nothing else is loaded from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acclimate.errors import StoreError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts import miners
from acclimate.pipeline.saved import from_json, to_json


def test_a_part_with_parts_inside_comes_back_equal() -> None:
    part = miners.Union((miners.BM25(depth=7), miners.RandomDocuments(count=2)))
    assert from_json(json.loads(json.dumps(to_json(part)))) == part


def test_a_student_comes_back_equal() -> None:
    student = Student(encoder=Dense("adapted", max_length=64), base=Dense("base"))
    assert from_json(to_json(student)) == student


@pytest.mark.parametrize("path", ["os.system", "subprocess.Popen", "pathlib.Path"])
def test_classes_from_elsewhere_are_not_loaded(path: str) -> None:
    with pytest.raises(StoreError, match="is not loaded from a saved file"):
        from_json({"class": path})


def test_what_is_no_value_cannot_be_saved() -> None:
    with pytest.raises(StoreError, match="cannot be saved"):
        to_json(Path("x"))
