"""Graphs: which folder is an export, and what of it counts."""

import json
from pathlib import Path

import pytest

from acclimate.errors import ModelError
from acclimate.models import graphs
from acclimate.models.encoders import Exported
from acclimate.models.scorers import ExportedPairs

RECORD = {"family": "SentenceTransformer", "runtime": "onnx", "routes": {}, "agreement": {}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "export.json").write_text(json.dumps(RECORD))
    (tmp_path / "model.onnx").write_bytes(b"graph")
    (tmp_path / "tokenizer.json").write_text("{}")
    return tmp_path


def test_a_folder_without_a_record_is_no_export(tmp_path: Path) -> None:
    for ref in (Exported(str(tmp_path)), ExportedPairs(str(tmp_path))):
        with pytest.raises(ModelError, match="acclimate export"):
            ref.fingerprint()


def test_the_fingerprint_is_of_graph_tokenizer_and_settings(folder: Path) -> None:
    before = graphs.digest(folder)
    for name, text in (("model.onnx", "other"), ("tokenizer.json", "[]")):
        kept = (folder / name).read_bytes()
        (folder / name).write_text(text)
        assert graphs.digest(folder) != before
        (folder / name).write_bytes(kept)
    (folder / "export.json").write_text(json.dumps(RECORD | {"runtime": "openvino"}))
    assert graphs.digest(folder) != before


def test_neither_a_readme_nor_what_was_compared_changes_it(folder: Path) -> None:
    before = graphs.digest(folder)
    (folder / "README.md").write_text("words")
    (folder / "export.json").write_text(json.dumps(RECORD | {"agreement": {"overlap": 1.0}}))
    assert graphs.digest(folder) == before


def test_an_encoder_and_a_scorer_of_one_folder_are_not_one_thing(folder: Path) -> None:
    assert Exported(str(folder)).fingerprint() != ExportedPairs(str(folder)).fingerprint()


def test_an_export_without_vectors_or_pairs_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="gives no vectors"):
        Exported(str(folder)).open("cpu")
    with pytest.raises(ModelError, match="reads no pairs"):
        ExportedPairs(str(folder)).open("cpu")
