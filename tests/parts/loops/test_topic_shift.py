"""TopicShift: turns of another session are told, and do not move the vector. [026]"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError, RecipeError, TableError
from acclimate.models.student import Student
from acclimate.parts.loops import TopicShift, _texts
from acclimate.parts.loops._shifts import Shifts, shifted
from acclimate.parts.losses import EmbeddingDistillation
from acclimate.parts.part import Context
from acclimate.parts.students import LateInteraction
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

OWN, OTHER = ("ann: bees dance", "bob: why"), ("cy: bread", "di: wild yeast", "cy: rises")
LOSS = EmbeddingDistillation()
TALKS = Corpus.of(
    {"doc_id": f"talk-{n}", "title": "", "text": f"Ann: {title}?\nBob: {first}.\nAnn: {rest}"}
    for n, (title, text) in enumerate(
        zip(toys.CORPUS["title"][:6], toys.CORPUS["text"][:6], strict=True)
    )
    for first, rest in [text.split(". ", 1)]
)


def test_an_instance_has_foreign_turns_and_then_its_own() -> None:
    """[026]: cut_num ones, then a zero for each own turn; as many labels as turns."""
    for seed in range(20):
        made = shifted(OWN, OTHER, np.random.default_rng(seed))
        cut = sum(made.foreign)
        assert made.foreign == [1] * cut + [0] * 2
        assert [made.text[a:b] for a, b in made.spans] == [*OTHER[:cut], *OWN]
        assert 1 <= cut <= 3
    alone = shifted(OWN, (), np.random.default_rng(0))
    assert (alone.text, alone.foreign) == ("ann: bees dance bob: why", [0, 0])


def test_short_beginnings_are_likelier() -> None:
    """[026]: of N = 3 turns, cuts of 1, 2, 3 in the ratio 3 : 2 : 1; P(1) = N / (N(N+1)/2) = ½."""
    rng = np.random.default_rng(0)
    cuts = [sum(shifted(OWN, OTHER, rng).foreign) for _ in range(10_000)]
    shares = np.bincount(cuts, minlength=4)[1:] / 10_000
    assert shares == pytest.approx([3 / 6, 2 / 6, 1 / 6], abs=0.02)


def learner(student: Student, distil: float = 1.0) -> Shifts:
    model = student.encoder.load().requires_grad_()
    sessions = [TopicShift(loss=LOSS)._session(text) for text in TALKS["text"]]
    return Shifts(model, sessions, 7, loss=LOSS, distil=distil)


def test_a_session_alone_has_the_vector_it_had(student: Student) -> None:
    made = learner(student)
    vectors = made.model.encode(list(made.texts))
    assert np.allclose(made.goals.numpy(), vectors, atol=1e-5)


def test_a_turn_is_the_mean_of_its_own_tokens(student: Student) -> None:
    """The same turn alone in front of others: only its tokens are pooled."""
    made = learner(student)
    told = made.instance(0, 3)
    with torch.no_grad():
        logits, _, there = made._read([told])
        tokens = made.tokens([told.text], return_tensors="pt", return_offsets_mapping=True)
        features = {name: tokens[name] for name in ("input_ids", "attention_mask")}
        states = made.model(features)["token_embeddings"][0]
        for place, (begin, end) in enumerate(told.spans):
            at = [
                token
                for token, (a, b) in enumerate(tokens["offset_mapping"][0].tolist())
                if begin <= a < b <= end
            ]
            assert bool(there[0, place]) == bool(at)
            if at:
                by_hand = made.head(states[at].mean(dim=0))[0]
                assert logits[0, place].item() == pytest.approx(by_hand.item(), abs=1e-5)


def test_the_loss_is_the_cost_of_turns_and_of_the_way_from_the_session_alone(
    student: Student,
) -> None:
    found = []
    for distil in (0.0, 1.0):
        made = learner(student, distil)
        found.append(sum(value for _, value in made.pieces(np.arange(4))))
    made = learner(student)
    told = [made.instance(int(row), place) for place, row in enumerate(made.drawn(np.arange(4)))]
    with torch.no_grad():
        vectors = made._read(told)[1]
        away = (vectors - made.goals[made.drawn(np.arange(4))]).square().mean()
    assert found[1] - found[0] == pytest.approx(away.item(), rel=1e-3, abs=1e-7)
    assert away > 0


def test_a_batch_in_pieces_has_the_gradient_of_the_batch(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for tokens in (100_000, 60):
        monkeypatch.setattr(_texts, "PIECE_TOKENS", tokens)
        made = learner(student)
        pieces = list(made.pieces(np.arange(5)))
        for piece, _ in pieces:
            piece.backward()
        gradient = made.body.model.encoder.layer[1].output.dense.weight.grad
        found.append((len(pieces), sum(value for _, value in pieces), gradient))
    assert found[0][0] == 1 < found[1][0]
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-4)
    assert torch.allclose(found[0][2], found[1][2], atol=1e-5)


def trained(student: Student, folder: Path, corpus: Corpus = TALKS) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    part = TopicShift(loss=LOSS, steps=3, batch=4, learning_rate=1e-3)
    return part(corpus, student, ctx), ctx


def test_the_student_comes_back_as_a_plain_encoder(student: Student, tmp_path: Path) -> None:
    after, ctx = trained(student, tmp_path, Corpus.joined([toys.CORPUS, TALKS]))
    assert ctx.notes["texts"] == len(TALKS)
    plain, base = after.encoder.load(), student.encoder.load()
    assert set(plain.state_dict()) == set(base.state_dict())
    texts = toys.CORPUS.contents
    assert not np.allclose(plain.encode(texts), base.encode(texts), atol=1e-4)


def test_what_has_no_sessions_or_no_vector_is_refused(student: Student, tmp_path: Path) -> None:
    for corpus in (toys.CORPUS, TALKS.head(1)):
        with pytest.raises(TableError, match="nothing to learn from"):
            trained(student, tmp_path, corpus)
    with pytest.raises(ModelError, match="reads one vector per text"):
        trained(LateInteraction()(student), tmp_path)


@pytest.mark.parametrize("settings", [{"turns": 0}, {"distil": -1.0}, {"steps": 0}])
def test_settings_that_teach_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        TopicShift(loss=LOSS, **settings)
