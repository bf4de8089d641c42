"""Bundled models are what the list says, or it is told what is wrong."""

import json
import shutil
import subprocess
import sys

import pytest

import acclimate_offline
from acclimate.errors import ModelError
from acclimate.testing.tiny import tiny_scorer, tiny_writer
from acclimate_offline import bundle
from acclimate_offline.__main__ import check
from acclimate_offline.answers import answer
from train import bundle as bundling


@pytest.fixture
def made(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: cc-by-sa-4.0\n---\n")
    return folder


@pytest.fixture
def models(made, tmp_path):
    bundle.add("writer", made, models=tmp_path / "models")
    return tmp_path / "models"


def test_a_model_that_is_not_bundled_says_what_to_do(tmp_path):
    with pytest.raises(bundle.NotBundledError, match=r"has no teacher in this.*make models DATA"):
        bundle.folder("teacher", models=tmp_path)
    with pytest.raises(ModelError, match="no 'judge'; there is writer, teacher, reader"):
        bundle.folder("judge", models=tmp_path)


@pytest.mark.parametrize("role", bundle.ROLES)
def test_each_role_has_a_function_that_gives_its_folder_or_says_it_is_not_there(role):
    try:
        found = getattr(acclimate_offline, role)()
    except bundle.NotBundledError as error:
        assert f"has no {role}" in str(error)  # noqa: PT017
    else:
        assert found == bundle.MODELS / role


def test_a_bundled_model_is_found_and_has_no_fault(models):
    assert bundle.folder("writer", models=models) == models / "writer"
    assert bundle.faults("writer", models=models) == []


def test_changed_missing_and_added_files_are_named(models):
    (models / "writer" / "model.safetensors").write_bytes(b"Weights")
    (models / "writer" / "more.bin").write_bytes(b"")
    (models / "writer" / "README.md").unlink()
    assert bundle.faults("writer", models=models) == [
        "writer has no card that names its licence",
        "writer/README.md is missing",
        "writer/model.safetensors has other content than the list says",
        "writer/more.bin is not in the list",
    ]


def test_a_card_without_a_licence_is_a_fault(made, tmp_path):
    (made / "README.md").write_text("---\nlanguage: en\n---\n")
    bundle.add("reader", made, models=tmp_path / "models")
    assert bundle.faults("reader", models=tmp_path / "models") == [
        "reader has no card that names its licence"
    ]


def test_a_model_that_is_too_big_is_not_bundled(made, tmp_path):
    with (made / "model.safetensors").open("wb") as file:
        file.truncate(bundle.AT_MOST_BYTES)
    with pytest.raises(bundle.NotBundledError, match="45,000,000 are allowed"):
        bundle.add("writer", made, models=tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_bundling_again_replaces_the_model_and_keeps_the_others(models, made):
    bundle.add("teacher", made, models=models)
    (made / "model.safetensors").write_bytes(b"better")
    (made / "more.json").write_text("{}")
    bundle.add("writer", made, models=models)
    assert set(bundle.manifest(models)) == {"teacher", "writer"}
    assert bundle.faults("writer", models=models) == bundle.faults("teacher", models=models) == []
    assert (models / "writer" / "more.json").exists()


def test_a_damaged_list_is_an_error(models):
    (models / bundle.MANIFEST).write_text("[]")
    with pytest.raises(bundle.NotBundledError, match="is damaged"):
        bundle.folder("writer", models=models)


def test_finished_models_are_bundled_and_the_others_named(made, tmp_path, capsys):
    build, models = tmp_path / "build", tmp_path / "models"
    for role, step in (("writer", 9), ("teacher", 4)):
        (build / role).mkdir(parents=True)
        curve = {"step": step, "steps": 9, "points": []}
        (build / role / "curve.json").write_text(json.dumps(curve))
    shutil.copytree(made, build / "writer" / "model")
    assert bundling.unfinished(build) == {"teacher": "at update 4 of 9", "reader": "not begun"}
    assert bundling.main([str(build), str(models)]) == 1
    assert "the teacher is at update 4 of 9; the reader is not begun" in capsys.readouterr().err
    assert list(bundle.manifest(models)) == ["writer"]


@pytest.mark.integration
def test_a_writer_and_a_teacher_answer(tmp_path):
    assert answer("writer", tmp_path / tiny_writer(tmp_path / "writer").model)
    told = answer("teacher", tmp_path / tiny_scorer(tmp_path / "teacher").model)
    assert "for the right document" in told


@pytest.mark.integration
def test_the_check_names_what_is_wrong_and_goes_on(made, tmp_path, capsys):
    tiny_writer(tmp_path / "tiny")
    (tmp_path / "tiny" / "README.md").write_text("---\nlicense: mit\n---\n")
    models = tmp_path / "models"
    bundle.add("writer", tmp_path / "tiny", models=models)
    bundle.add("teacher", made, models=models)
    wrong = check(models)
    assert capsys.readouterr().out.startswith("writer: ")
    assert "could not be loaded as a cross-encoder" in wrong[0]
    assert "has no reader in this installation" in wrong[1]


def test_importing_the_package_loads_no_framework():
    code = (
        "import sys\nimport acclimate_offline\n"
        "sys.exit(', '.join({'torch', 'transformers'} & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(bundle.MODELS.parents[1]), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
