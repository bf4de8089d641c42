"""Family: a folder says which of the four kinds it is, and is opened as that."""

import json
from pathlib import Path
from typing import Any

import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense, Exported, MultiVector, Sparse
from acclimate.models.family import named, reading, saved, served
from acclimate.models.scorers import CrossEncoder, ExportedPairs
from acclimate.models.student import placed
from acclimate.models.weights import family_of


def folder_of(folder: Path, *, told: str | None = None, built: str | None = None) -> Path:
    folder.mkdir()
    if told is not None:
        text = json.dumps({"model_type": told})
        (folder / "config_sentence_transformers.json").write_text(text)
    if built is not None:
        (folder / "config.json").write_text(json.dumps({"architectures": [built]}))
    return folder


@pytest.mark.parametrize(
    ("told", "built", "family"),
    [
        (None, None, "SentenceTransformer"),
        (None, "BertModel", "SentenceTransformer"),
        (None, "BertForSequenceClassification", "CrossEncoder"),
        (None, "HF_ColBERT", "MultiVectorEncoder"),
        (None, "ColPaliForRetrieval", "MultiVectorEncoder"),
        ("ColBERT", "BertModel", "MultiVectorEncoder"),
        ("SparseEncoder", "BertForMaskedLM", "SparseEncoder"),
        ("SentenceTransformer", "BertForSequenceClassification", "SentenceTransformer"),
    ],
)
def test_a_folder_says_what_it_is(
    told: str | None, built: str | None, family: str, tmp_path: Path
) -> None:
    assert family_of(folder_of(tmp_path / "m", told=told, built=built)) == family


def test_settings_that_are_no_json_are_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "m")
    (folder / "config.json").write_text("{")
    with pytest.raises(ModelError, match=r"config\.json cannot be read"):
        family_of(folder)


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("SentenceTransformer", Dense),
        ("SparseEncoder", Sparse),
        ("MultiVectorEncoder", MultiVector),
        ("CrossEncoder", CrossEncoder),
    ],
)
def test_a_model_is_named_as_what_it_is(family: str, kind: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "m", told=family)
    assert named(str(folder)) == kind(str(folder))


def test_a_model_that_is_nowhere_is_taken_for_a_dense_encoder() -> None:
    """Whoever opens it is told that it cannot be found."""
    assert named("/nowhere/at/all") == Dense("/nowhere/at/all")


def test_a_model_keeps_its_settings_in_another_place(tmp_path: Path) -> None:
    assert placed(Sparse("m", max_length=7, revision="r"), tmp_path) == Sparse(
        str(tmp_path), max_length=7
    )


@pytest.mark.integration
def test_an_opened_model_is_read_and_saved_as_what_it_is(encoder: Dense, scorer: Any) -> None:
    from acclimate.models.encoders.opened import SentenceEncoder
    from acclimate.models.scorers.opened import PairScorer

    assert type(reading(encoder.load())) is SentenceEncoder
    assert type(reading(scorer.load())) is PairScorer
    assert saved(scorer.load(), Path("there")) == CrossEncoder("there")
    trusted = saved(encoder.load(), Path("there"), trust_remote_code=True)
    assert trusted == Dense("there", trust_remote_code=True)


def test_the_folder_of_an_export_is_served_as_one(tmp_path: Path) -> None:
    for family, kind in (("MultiVectorEncoder", Exported), ("CrossEncoder", ExportedPairs)):
        folder = tmp_path / family
        folder.mkdir()
        (folder / "export.json").write_text(json.dumps({"family": family}))
        made = served(str(folder))
        assert (type(made), made.family) == (kind, family)
    assert served("some/model") == named("some/model") == Dense("some/model")
