"""Exporting: a corpus and a model, or a run, to what other programs read."""

import json
from pathlib import Path
from typing import Any

import faiss
import pytest
from typer.testing import CliRunner

from acclimate.errors import RecipeError
from acclimate.faces.cli.main import app
from acclimate.models.encoders import Dense
from acclimate.parts.students import LateInteraction
from acclimate.pipeline.exporting import TARGETS, Export, export
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    return tiny_encoder(folder, texts=toys.CORPUS.contents).model


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "documents.jsonl"
    rows = [
        {"id": r["doc_id"], "title": r["title"], "text": r["text"]} for r in toys.CORPUS.dicts()
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def call(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize(
    ("to", "settings", "message"),
    [
        ("onxx", {}, "Did you mean 'onnx'"),
        ("faiss", {"weights": "int8"}, "An export to faiss has no 'weights'"),
        ("onnx", {"weights": "float16"}, "Choose from: float32, int8"),
    ],
)
def test_what_nobody_knows_is_refused_before_anything_is_read(
    to: str, settings: Any, message: str, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match=message):
        export(tmp_path / "nothing", Export(to=to, settings=settings), out=tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_a_corpus_needs_a_model(documents: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="--model"):
        export(documents, Export(to="faiss", settings={}), out=tmp_path / "out")


def test_the_command_names_every_target() -> None:
    told = call("export", "--help").output
    assert all(name in told for name in TARGETS)


@pytest.mark.integration
def test_an_index_of_a_corpus(documents: Path, model: str, tmp_path: Path) -> None:
    command = ("export", documents, "--to", "faiss", "--model", model, "-o", tmp_path / "out")
    result = call(*command, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert faiss.read_index(str(Path(told["folder"]) / "index.faiss")).ntotal == 12
    assert "12 documents with vectors of" in call(*command).stdout


@pytest.mark.integration
def test_a_graph_of_a_corpus_shows_the_overlap(documents: Path, model: str, tmp_path: Path) -> None:
    command = ("export", documents, "--to", "onnx", "--model", model, "-o", tmp_path / "out")
    result = call(*command)
    assert result.exit_code == 0, result.output
    # Without queries, fragments of the 12 documents are asked; half of them are the first ones.
    assert "top-6 overlap with the checkpoint: 1.000 (12 queries, 12 documents)" in result.stdout
    small = call(*command, "--weights", "int8", "--at-least", "0", "--json")
    assert small.stderr == ""
    assert json.loads(small.stdout)["documents"] == 12
    refused = call(*command, "--weights", "int4")
    assert (refused.exit_code, "Choose from" in refused.stderr) == (2, True)


@pytest.mark.integration
def test_a_late_interaction_model_is_exported_as_any_other(
    documents: Path, model: str, tmp_path: Path
) -> None:
    made = LateInteraction(dimensions=8).prepare(Dense(model).load())
    made.save_pretrained(str(tmp_path / "tokens"), create_model_card=False)
    command = ("export", documents, "--model", tmp_path / "tokens", "-o", tmp_path / "out")
    graph = call(*command, "--to", "onnx", "--json")
    assert graph.exit_code == 0, graph.output
    told = json.loads(graph.stdout)
    assert told["agreement"]["overlap"] == 1.0
    index = call(*command, "--to", "qdrant", "--json")
    assert index.exit_code == 0, index.output
    record = json.loads((Path(json.loads(index.stdout)["folder"]) / "index.json").read_text())
    assert (record["holds"], record["dimension"]) == ("tokens", 8)
    refused = call(*command, "--to", "faiss")
    assert (refused.exit_code, "a vector per token" in refused.stderr) == (4, True)
