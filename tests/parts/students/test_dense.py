"""Dense: all weights learn, or those of the upper layers."""

from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.students import Dense, QuerySide
from acclimate.testing.tiny import tiny_encoder


def test_the_student_learns_this_way_from_now_on() -> None:
    student = Dense()(Student(encoder=Encoder("m")))
    assert student.shape == Dense()
    assert not Dense().documents_frozen


def test_it_takes_the_place_of_another_shape() -> None:
    assert Dense()(QuerySide()(Student(encoder=Encoder("m")))).shape == Dense()


@pytest.mark.integration
def test_every_weight_is_free_to_move(tmp_path: Path) -> None:
    model = tiny_encoder(tmp_path).load().requires_grad_(requires_grad=False)
    assert all(p.requires_grad for p in Dense().prepare(model).parameters())
    assert Dense().head(model) is None


@pytest.mark.integration
def test_embeddings_and_lower_layers_stay_when_they_are_frozen(tmp_path: Path) -> None:
    model = Dense(frozen=0.5).prepare(tiny_encoder(tmp_path).load())
    moves = {name for name, p in model.named_parameters() if p.requires_grad}
    stays = {name for name, p in model.named_parameters() if not p.requires_grad}
    assert any(".layer.1." in name for name in moves)
    assert not any("embeddings" in name or ".layer.0." in name for name in moves)
    assert not any(".layer.1." in name for name in stays)
    assert all(p.requires_grad for p in Dense().prepare(model).parameters())


@pytest.mark.integration
def test_less_than_a_layer_is_none(tmp_path: Path) -> None:
    """A third of two layers, rounded down."""
    model = Dense(frozen=1 / 3).prepare(tiny_encoder(tmp_path).load())
    assert all(p.requires_grad for p in model.parameters())


def test_settings_under_which_nothing_is_read_are_refused() -> None:
    with pytest.raises(RecipeError, match="below 1"):
        Dense(frozen=1.0)
    with pytest.raises(RecipeError, match="8 or more"):
        Dense(training_tokens=2)
