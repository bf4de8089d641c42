"""Denoising: a tiny student's vectors learn to tell what a document said."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError, RecipeError
from acclimate.models.encoders import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import Denoising, _texts
from acclimate.parts.loops._denoiser import Denoiser, decoding, deleted
from acclimate.parts.part import Context
from acclimate.parts.students import Dense as Whole
from acclimate.parts.students import LateInteraction
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

TEXT = " ".join(f"word{n}" for n in range(200))


def trained(student: Student, folder: Path, **settings: Any) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    part = Denoising(**{"steps": 6, "batch": 4, "learning_rate": 1e-3} | settings)
    return part(toys.CORPUS, student, ctx), ctx


def test_words_are_deleted_in_their_share_and_the_rest_stays_in_order() -> None:
    """The deletion ratio of the paper is 0.6: two words in five stay."""
    left = deleted(TEXT, 0.6, place=3, salt=1).split()
    assert len(left) / 200 == pytest.approx(0.4, abs=0.1)
    assert left == sorted(left, key=lambda word: int(word[4:]))
    assert deleted(TEXT, 0.6, place=3, salt=1).split() == left
    assert deleted(TEXT, 0.6, place=4, salt=1).split() != left
    assert deleted(TEXT, 0.0, place=3, salt=1) == TEXT


def test_one_word_at_least_stays() -> None:
    assert {deleted("alone", 0.99, place, 0) for place in range(20)} == {"alone"}


def test_the_document_is_written_better_after_some_updates(
    student: Student, tmp_path: Path
) -> None:
    _, ctx = trained(student, tmp_path, steps=40, batch=12)
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_the_student_comes_back_as_a_plain_encoder_without_the_decoder(
    student: Student, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    after, _ = trained(student, tmp_path)
    assert isinstance(after.encoder, Dense)
    plain = SentenceTransformer(str(after.encoder.folder()), device="cpu")
    base = student.encoder.load()
    assert set(plain.state_dict()) == set(base.state_dict())
    texts = toys.CORPUS.contents
    assert not np.allclose(plain.encode(texts), base.encode(texts), atol=1e-3)


def test_layers_that_are_frozen_stay(student: Student, tmp_path: Path) -> None:
    after, _ = trained(Whole(frozen=0.5)(student), tmp_path)
    before, moved = student.encoder.load().state_dict(), after.encoder.load().state_dict()
    stays = {name for name in moved if torch.equal(before[name], moved[name])}
    assert any("encoder.layer.0" in name for name in stays)
    assert not any("encoder.layer.1.output" in name for name in stays)


def made(student: Student, share: float) -> Denoiser:
    model = student.encoder.load()
    return Denoiser(model, decoding(model), toys.CORPUS.contents, 7, share=share)


def test_the_decoder_has_the_weights_of_the_encoder(student: Student) -> None:
    denoiser = made(student, 0.6)
    encoder, decoder = denoiser.body.model, denoiser.decoder.decoder.bert
    assert encoder.embeddings.word_embeddings.weight is decoder.embeddings.word_embeddings.weight
    assert encoder.encoder.layer[1].output.dense.weight is (
        decoder.encoder.layer[1].output.dense.weight
    )


def test_a_decoder_that_begins_at_chance_is_not_reported_as_a_fault(
    student: Student, capfd: pytest.CaptureFixture[str]
) -> None:
    from transformers.utils import logging

    before, model = logging.get_verbosity(), student.encoder.load()
    capfd.readouterr()
    decoding(model)
    assert capfd.readouterr().err == ""
    assert logging.get_verbosity() == before


def test_a_batch_in_pieces_has_the_gradient_of_the_batch(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for tokens in (100_000, 40):
        monkeypatch.setattr(_texts, "PIECE_TOKENS", tokens)
        denoiser = made(student, 0.6)
        pieces = list(denoiser.pieces(np.arange(6)))
        for piece, _ in pieces:
            piece.backward()
        gradient = denoiser.body.model.encoder.layer[1].output.dense.weight.grad
        found.append((len(pieces), sum(value for _, value in pieces), gradient))
    assert found[0][0] == 1 < found[1][0]
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-5)
    assert torch.allclose(found[0][2], found[1][2], atol=1e-6)


def test_all_that_the_decoder_is_told_is_the_vector(student: Student) -> None:
    """The same vector for every text gives a loss that does not hang on the texts' own."""
    denoiser = made(student, 0.0)
    features = denoiser._features(np.arange(3), np.arange(3))
    with torch.no_grad():
        plain = denoiser.decoder(features, None)
        swapped = (denoiser._read(["rust"] * 3), denoiser._read(denoiser.texts[:3]))
        other = denoiser.decoder(swapped, None)
    assert float(plain) != pytest.approx(float(other), abs=1e-6)
    again = (denoiser._read(["rust"] * 3), denoiser._read(denoiser.texts[:3]))
    with torch.no_grad():
        assert float(denoiser.decoder(again, None)) == pytest.approx(float(other))


def test_a_student_of_many_vectors_is_refused(student: Student, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="one vector per text"):
        trained(LateInteraction()(student), tmp_path)


@pytest.mark.parametrize("settings", [{"batch": 0}, {"share": 1.0}])
def test_settings_under_which_nothing_is_learned_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        Denoising(**settings)
