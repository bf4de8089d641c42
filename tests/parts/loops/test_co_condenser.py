"""CoCondenser: spans of one document become alike, whatever fits into memory. [070]"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError, RecipeError, TableError
from acclimate.models.encoders import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import CoCondenser, _texts
from acclimate.parts.loops._condensing import Condensing, _head, spans_of
from acclimate.parts.losses import Condenser, CorpusContrastive
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

LOSSES: dict[str, Any] = {
    "masked": Condenser(skip_from=1, layers=1), "contrast": CorpusContrastive(temperature=0.5)
}  # fmt: skip


def trained(student: Student, folder: Path, **settings: Any) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    part = CoCondenser(**LOSSES | {"steps": 4, "batch": 6, "learning_rate": 1e-3} | settings)
    return part(toys.CORPUS, student, ctx), ctx


def learner(student: Student) -> Condensing:
    model = student.encoder.load().requires_grad_()
    return Condensing(model, toys.CORPUS.contents, 7, CoCondenser(**LOSSES))


def test_spans_of_a_document_are_of_one_length_and_do_not_overlap() -> None:
    """250 words: two of 96; 20 words: two halves of 10; 7 words: none."""
    told = [spans_of(" ".join(f"w{n}" for n in range(count))) for count in (250, 20, 7)]
    assert [[len(span.split()) for span in spans] for spans in told] == [[96, 96], [10, 10], []]
    assert told[0][1].split()[0] == "w96"


def test_both_spans_of_a_document_stand_together_and_are_drawn_anew(student: Student) -> None:
    """[070]: the partner of span 2i is 2i + 1."""
    made = learner(student)
    texts, _ = made._drawn(np.arange(12))
    for row, (one, other) in zip(
        made.drawn(np.arange(12)), zip(texts[::2], texts[1::2], strict=True), strict=True
    ):
        assert one != other
        assert {one, other} <= set(spans_of(made.texts[row]))


def test_a_step_in_pieces_has_the_gradient_of_the_whole_batch(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[070]: the cached-gradient step equals the full-batch step to 1e-6 of its largest part."""
    found = []
    for tokens in (100_000, 50):
        monkeypatch.setattr(_texts, "PIECE_TOKENS", tokens)
        made = learner(student)
        pieces = list(made.pieces(np.arange(6)))
        for piece, _ in pieces:
            piece.backward()
        gradients = {n: p.grad for n, p in made.named_parameters() if p.grad is not None}
        found.append((len(pieces), sum(value for _, value in pieces), gradients))
    assert found[0][0] == 1 < found[1][0]
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-5)
    assert found[0][2].keys() == found[1][2].keys()
    for name, gradient in found[0][2].items():
        largest = max(1.0, float(gradient.abs().max()))
        assert torch.allclose(gradient, found[1][2][name], rtol=1e-5, atol=1e-6 * largest), name


def test_the_loss_is_the_contrast_and_both_surprises(student: Student) -> None:
    """[070]: L = L_MLM(head) + L_MLM(late) + L_co, each over the same spans."""
    made = learner(student)
    (loss, value), = made.pieces(np.arange(4))  # fmt: skip
    assert float(loss.detach()) == value
    texts, numbers = made._drawn(np.arange(4))
    from acclimate.parts.loops._masked_learner import hidden_in

    part = hidden_in(made, texts, numbers.tolist(), made.settings)
    with torch.no_grad():
        states = made._states(part)
        spans = made._vectors(states, part).unflatten(0, (-1, 2))
        contrast = LOSSES["contrast"](spans, torch.ones(4, dtype=torch.bool))
        joined = torch.cat([states[-1][:, :1], states[1][:, 1:]], dim=1)
        logits = [made.words.cls(s) for s in (made.short(joined, part.there), states[-1])]
        told = [torch.nn.functional.cross_entropy(x[part.mask], part.tokens[part.mask])
                for x in logits]  # fmt: skip
    assert value == pytest.approx(float(contrast + told[0] + told[1]), rel=1e-4)


def test_vectors_are_the_students_pooling_before_length_one(student: Student) -> None:
    made = learner(student)
    from acclimate.parts.loops._masked_learner import hidden_in

    part = hidden_in(made, ["warm milk", "the sea rises"], [0, 1], made.settings)
    with torch.no_grad():
        states = made._states(part)
        vectors = made._vectors(states, part)
    weights = part.there.float()[..., None]
    mean = (states[-1] * weights).sum(dim=1) / weights.sum(dim=1)
    assert torch.allclose(vectors, mean, atol=1e-5)


def test_training_lowers_the_loss_and_leaves_a_plain_encoder(
    student: Student, tmp_path: Path
) -> None:
    after, ctx = trained(student, tmp_path, steps=30, batch=12)
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < 0.9 * np.mean(losses[:5])
    assert isinstance(after.encoder, Dense)
    assert set(after.encoder.load().state_dict()) == set(student.encoder.load().state_dict())


def test_documents_too_short_for_two_spans_are_left_out(student: Student, tmp_path: Path) -> None:
    short = Corpus.columns(doc_id=["a"], title=[""], text=["too short for two"])
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    part = CoCondenser(**LOSSES, steps=1, batch=2)
    part(Corpus.joined([toys.CORPUS, short]), student, ctx)
    assert ctx.notes["texts"] == len(toys.CORPUS)
    with pytest.raises(TableError, match="nothing to learn from"):
        part(short, student, ctx)


@pytest.mark.parametrize("settings", [{"steps": 0}, {"share": 1.0}])
def test_settings_under_which_nothing_is_learned_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        CoCondenser(**LOSSES, **settings)


def test_a_model_whose_head_is_not_known_is_refused() -> None:
    with pytest.raises(ModelError, match="not known in Linear"):
        _head(torch.nn.Linear(1, 1))
