"""Dense: all weights learn."""

from pathlib import Path

import pytest

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
