"""MaskedLanguage: a tiny student learns the words of the toy documents. [097]"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError, RecipeError, StoreError, TableError
from acclimate.models.encoders import Dense, Sparse
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import MaskedLanguage, _texts
from acclimate.parts.loops._masked_learner import MaskedLearner
from acclimate.parts.loops._masking import hidden
from acclimate.parts.losses import MaskedLM
from acclimate.parts.part import Context
from acclimate.parts.students import Adapter, QuerySide
from acclimate.parts.students import Dense as Whole
from acclimate.parts.students import Sparse as Words
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_scorer

pytestmark = pytest.mark.integration

SETTINGS: dict[str, Any] = {"steps": 6, "batch": 4, "warmup": 1, "learning_rate": 1e-3}


def trained(student: Student, folder: Path, **settings: Any) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    part = MaskedLanguage(loss=MaskedLM(), **SETTINGS | settings)
    return part(toys.CORPUS, student, ctx), ctx


def weights(student: Student) -> str:
    return digest(Path(student.encoder.model))


def test_what_is_hidden_is_told_better_after_some_updates(student: Student, tmp_path: Path) -> None:
    """[097]: −Σ ln p of the hidden tokens falls; at first it is about ln of the vocabulary."""
    _, ctx = trained(student, tmp_path, steps=40, batch=12)
    losses = ctx.notes["curve"]["loss"]
    assert ctx.notes["texts"] == len(toys.CORPUS)
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_the_student_comes_back_as_an_encoder_of_its_family_without_the_head(
    student: Student, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    after, _ = trained(student, tmp_path)
    assert isinstance(after.encoder, Dense)
    assert after.start == student.encoder
    plain = SentenceTransformer(str(after.encoder.folder()), device="cpu")
    assert {n for n, _ in plain.named_parameters()} == {
        n for n, _ in student.encoder.load().named_parameters()
    }
    texts = toys.CORPUS.contents
    assert not np.allclose(plain.encode(texts), student.encoder.load().encode(texts), atol=1e-3)


def test_a_sparse_student_keeps_the_head_that_learned(student: Student, tmp_path: Path) -> None:
    after, _ = trained(Words()(student), tmp_path)
    assert isinstance(after.encoder, Sparse)
    before = Words().prepare(student.encoder.load()).state_dict()
    moved = after.encoder.load().state_dict()
    names = {name for name in moved if not torch.equal(before[name], moved[name])}
    assert any("predictions.transform" in name for name in names)
    assert any("encoder.layer.0" in name for name in names)


def test_layers_that_are_frozen_stay(student: Student, tmp_path: Path) -> None:
    after, _ = trained(Whole(frozen=0.5)(student), tmp_path)
    before, moved = student.encoder.load().state_dict(), after.encoder.load().state_dict()
    stays = {name for name in moved if torch.equal(before[name], moved[name])}
    assert any("encoder.layer.0" in name for name in stays)
    assert not any("encoder.layer.1.output" in name for name in stays)


def learner(student: Student, **settings: Any) -> MaskedLearner:
    part = MaskedLanguage(loss=MaskedLM(), **SETTINGS | settings)
    return MaskedLearner(student.encoder.load().requires_grad_(), toys.CORPUS.contents, 7, part)


def test_a_batch_in_pieces_has_the_gradient_of_the_batch(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for tokens in (100_000, 40):
        monkeypatch.setattr(_texts, "PIECE_TOKENS", tokens)
        made = learner(student)
        pieces = list(made.pieces(np.arange(6)))
        for piece, _ in pieces:
            piece.backward()
        (weight,) = [p for n, p in made.named_parameters() if n.endswith("1.output.dense.weight")]
        found.append((len(pieces), sum(value for _, value in pieces), weight.grad))
    assert found[0][0] == 1 < found[1][0]
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-5)
    assert torch.allclose(found[0][2], found[1][2], atol=1e-6)


def test_what_is_hidden_hangs_on_the_place_alone(student: Student) -> None:
    made = learner(student)
    rows = made.drawn(np.arange(6))
    both, one = made.hidden(rows, np.arange(6)), made.hidden(rows[2:3], np.array([2]))
    width = one.mask.shape[1]
    assert torch.equal(both.mask[2, :width], one.mask[0])
    assert torch.equal(both.inputs[2, :width], one.inputs[0])
    later = made.hidden(rows, np.arange(6, 12))
    assert not torch.equal(both.mask, later.mask)


def test_special_tokens_and_padding_are_never_hidden_and_the_rest_in_its_share(
    student: Student,
) -> None:
    made = learner(student, share=0.3)
    rows = made.drawn(np.arange(240))
    part = made.hidden(rows, np.arange(240))
    told = made.tokens([made.texts[row] for row in rows], return_special_tokens_mask=True)
    words = sum(row.count(0) for row in told["special_tokens_mask"])
    assert int(part.mask.sum()) / words == pytest.approx(0.3, abs=0.03)
    assert not (part.mask & ~part.there).any()
    masks = part.inputs == made.body.tokenizer.mask_token_id
    assert not (masks & ~part.mask).any()
    assert int(masks.sum()) / int(part.mask.sum()) == pytest.approx(0.8, abs=0.05)
    for row, special in enumerate(told["special_tokens_mask"]):
        assert not part.mask[row, : len(special)][torch.tensor(special).bool()].any()


def test_the_tokens_of_a_word_are_hidden_together(student: Student) -> None:
    """ "qzx" is no word of the vocabulary: three tokens, hidden or shown as one."""
    tokenizer = student.encoder.load()[0].tokenizer
    texts = ["qzx milk qzx"] * 60
    told = tokenizer(texts, return_special_tokens_mask=True, return_offsets_mapping=True)
    part = hidden(tokenizer, told, list(range(60)), share=0.4, whole_words=True)
    first, last = part.mask[:, 1:4], part.mask[:, 5:8]
    for word in (first, last):
        assert (word.all(dim=1) == word.any(dim=1)).all()
        assert 0 < int(word.all(dim=1).sum()) < 60
    assert (part.inputs[part.mask] == tokenizer.mask_token_id).all()


def test_a_training_that_goes_on_ends_bit_for_bit_the_same(
    student: Student, tmp_path: Path
) -> None:
    whole, _ = trained(student, tmp_path / "whole", save_every=2)
    cut = tmp_path / "cut"

    def until(step: int) -> Any:
        def track(rows: Any, what: str, total: Any) -> Any:
            del what, total
            for number in rows:
                if number == step:
                    raise KeyboardInterrupt
                yield number

        return track

    ctx = Context(seed=1, engine=FakeEngine(), folder=cut, track=until(5))
    part = MaskedLanguage(loss=MaskedLM(), **SETTINGS, save_every=2)
    with pytest.raises(KeyboardInterrupt):
        part(toys.CORPUS, student, ctx)
    assert [p.name for p in (cut / "checkpoints").iterdir()] == ["checkpoint-4"]
    again, _ = trained(student, cut, save_every=2)
    assert weights(again) == weights(whole)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [({"steps": 0}, "would learn nothing"), ({"share": 0.0}, "between 0 and 1")],
)
def test_settings_under_which_nothing_is_learned_are_refused(
    settings: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(RecipeError, match=complaint):
        MaskedLanguage(loss=MaskedLM(), **settings)


@pytest.mark.parametrize("shape", [Adapter(), QuerySide()], ids=["adapter", "query side"])
def test_a_shape_that_keeps_vectors_is_refused(
    shape: Any, student: Student, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match="before that step"):
        trained(shape(student), tmp_path)


def test_a_cross_encoder_is_refused(tmp_path: Path) -> None:
    scorer: Any = tiny_scorer(tmp_path / "scorer")
    with pytest.raises(ModelError, match="CrossEncoder"):
        trained(Student(encoder=scorer), tmp_path / "run")


def test_without_a_text_or_a_folder_it_says_so(student: Student, tmp_path: Path) -> None:
    part = MaskedLanguage(loss=MaskedLM(), **SETTINGS)
    ctx = Context(engine=FakeEngine(), folder=tmp_path)
    with pytest.raises(TableError, match="nothing to learn from"):
        part(Corpus.empty(), student, ctx)
    with pytest.raises(StoreError, match="needs a folder"):
        part(toys.CORPUS, student, Context(engine=FakeEngine()))
