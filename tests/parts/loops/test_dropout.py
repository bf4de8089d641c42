"""Dropout: a text read twice has two vectors, and the same ones whenever it is read again. [035]"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.generators import DropoutPairs
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import AlternatingCache, Fit
from acclimate.parts.loops._groups import Turns, grouped
from acclimate.parts.loops._learner import Learner
from acclimate.parts.loops._material import Material
from acclimate.parts.losses import InfoNCE, MarginMSE
from acclimate.parts.miners import RandomDocuments
from acclimate.parts.part import Context, Loss
from acclimate.parts.students import Dense
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
TEXTS = toys.CORPUS.contents
SETTINGS: dict[str, Any] = {
    "steps": 6, "batch": 4, "candidates": 2, "warmup": 2, "learning_rate": 1e-3, "save_every": 3,
}  # fmt: skip
IN_BATCH = InfoNCE(in_batch=True)


@dataclass(frozen=True)
class Sum:
    """A loss that keeps the scores it is told."""

    in_batch: bool = False
    told: list[torch.Tensor] = field(default_factory=list)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        del targets, mask
        self.told.append(scores.detach())
        return scores.sum()


class InOrder(Turns):
    """All groups, in their own order, again and again."""

    def at(self, places: Any) -> Any:
        """Each group is as if it had never been drawn."""
        return places % self.count, np.zeros_like(places)


class Recording:
    """An encoder that keeps what it made of texts, in order."""

    def __init__(self, encoder: Any) -> None:
        self.encoder = encoder
        self.made: list[tuple[str, tuple[str, ...], torch.Tensor]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.encoder, name)

    def tensors(self, texts: Any, *, kind: Any) -> torch.Tensor:
        vectors: torch.Tensor = self.encoder.tensors(texts, kind=kind)
        self.made.append((kind, tuple(texts), vectors.detach()))
        return vectors

    def of(self, kind: str) -> dict[str, torch.Tensor]:
        """The vector of each text of a kind."""
        read = [(texts, made) for k, texts, made in self.made if k == kind]
        return {t: row for texts, made in read for t, row in zip(texts, made, strict=True)}


def forgetful(model: Any) -> Any:
    """The model, made so that three numbers in ten drop out."""
    file = Path(model.model, "config.json")
    told = json.loads(file.read_text("utf-8"))
    told |= {"hidden_dropout_prob": 0.3, "attention_probs_dropout_prob": 0.3}
    file.write_text(json.dumps(told), "utf-8")
    return model


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Student:
    return Student(encoder=forgetful(tiny_encoder(tmp_path_factory.mktemp("m"), texts=TEXTS)))


def themselves(count: int) -> tuple[Corpus, Queries, Labels]:
    """Documents that ask for themselves, beside `count` others."""
    ctx = Context()
    queries = DropoutPairs()(toys.CORPUS, ctx)
    found = RandomDocuments(count=count)(toys.CORPUS, queries, ctx)
    return toys.CORPUS, queries, SourceIsRelevant()(toys.CORPUS, queries, found, ctx)


def learner(student: Student, loss: Any, *, dropout: bool = True) -> Learner:
    """Who looks at each document and itself alone."""
    corpus, queries, labels = themselves(1)
    groups = grouped(corpus, queries, labels, 0)
    material = Material(groups, InOrder(len(groups), seed=3), 1, queries["text"], TEXTS)
    model = Dense().prepare(student.encoder.load())
    return Learner(model, loss, material, lower=False, shape=Dense(dropout=dropout))


def cosines(made: Learner, update: int) -> Any:
    """Of each text and itself, as an update of all of them sees it."""
    loss: Any = made.loss
    loss.told.clear()
    count = len(made.material.groups)
    with torch.random.fork_rng():
        list(made.pieces(np.arange(count * update, count * (update + 1))))
    return torch.cat(loss.told).numpy()


def test_only_dropout_tells_a_text_from_itself(student: Student) -> None:
    """[035]: the two readings have luck of their own; without dropout they are one vector."""
    plain = learner(student, Sum(), dropout=False)
    assert cosines(plain, 0) == pytest.approx(1, abs=1e-5)
    dropped = cosines(learner(student, Sum()), 0)
    assert dropped.shape == (len(TEXTS), 1)
    assert (dropped < 0.99).all()
    assert (dropped > 0).all()


def test_the_luck_is_that_of_the_update_whatever_was_drawn_before(student: Student) -> None:
    made = learner(student, Sum())
    first, second = cosines(made, 0), cosines(made, 1)
    again = learner(student, Sum())
    with torch.random.fork_rng():
        torch.manual_seed(99)
        assert np.array_equal(cosines(again, 0), first)
    assert np.abs(first - second).max() > 0.01


def test_scores_that_nobody_learns_from_are_without_dropout(student: Student) -> None:
    made = learner(student, Sum())
    drawn = made.material.draw(np.arange(4))
    assert made.scores(drawn).detach().numpy() == pytest.approx(1, abs=1e-5)
    cosines(made, 0)
    assert made.scores(drawn).detach().numpy() == pytest.approx(1, abs=1e-5)
    assert not made.model.training


def test_a_text_read_again_for_its_gradient_has_the_same_vector(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces of a few tokens: first all vectors, then the gradient of each stretch."""
    monkeypatch.setattr("acclimate.parts.loops._learner.PIECE_TOKENS", 64)
    made = learner(student, Sum(in_batch=True))
    made.encoder = seen = Recording(made.encoder)
    cosines(made, 0)
    half = len(seen.made) // 2
    assert half > 2
    for before, after in zip(seen.made[:half], seen.made[half:], strict=True):
        assert before[:2] == after[:2]
        assert torch.equal(before[2], after[2])
    asked, found = seen.of("query"), seen.of("document")
    assert asked.keys() == found.keys() == set(TEXTS)
    assert not any(torch.allclose(asked[text], found[text], atol=1e-3) for text in TEXTS)


def fitted(
    student: Student, folder: Path, *, dropout: bool = True, loss: Loss = IN_BATCH, stop: int = 99
) -> tuple[str, Any]:
    """The weights after a training, and its losses."""

    def track(rows: Any, what: str, total: Any) -> Iterator[Any]:
        del what, total
        for number in rows:
            if number == stop:
                raise KeyboardInterrupt
            yield number

    ctx = Context(seed=1, engine=FakeEngine(), folder=folder, track=track)
    part, shaped = Fit(loss=loss, **SETTINGS), Dense(dropout=dropout)(student)
    after = part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], shaped, ctx)
    return digest(Path(after.encoder.model)), ctx.notes["curve"]["loss"]


@pytest.mark.parametrize("loss", [MarginMSE(), IN_BATCH], ids=repr)
def test_a_training_that_was_stopped_ends_bit_for_bit_the_same(
    loss: Loss, student: Student, tmp_path: Path
) -> None:
    whole = fitted(student, tmp_path / "whole", loss=loss)
    with pytest.raises(KeyboardInterrupt):
        fitted(student, tmp_path / "cut", loss=loss, stop=5)
    assert [p.name for p in (tmp_path / "cut" / "checkpoints").iterdir()] == ["checkpoint-3"]
    assert fitted(student, tmp_path / "cut", loss=loss) == whole


def test_who_asks_for_dropout_has_it_from_the_first_update(
    student: Student, tmp_path: Path
) -> None:
    """The first loss is that of the weights it began with."""
    _, off = fitted(student, tmp_path / "off", dropout=False)
    _, on = fitted(student, tmp_path / "on")
    assert abs(on[0] - off[0]) > 1e-3


@pytest.mark.parametrize("loss", [MarginMSE(), IN_BATCH], ids=repr)
def test_a_cross_encoder_too(loss: Loss, tmp_path: Path) -> None:
    scorer = Student(encoder=forgetful(tiny_scorer(tmp_path / "m", texts=TEXTS)))
    _, off = fitted(scorer, tmp_path / "off", dropout=False, loss=loss)
    _, on = fitted(scorer, tmp_path / "on", loss=loss)
    assert abs(on[0] - off[0]) > 1e-4
    assert fitted(scorer, tmp_path / "again", loss=loss)[1] == on


def test_of_two_towers_the_one_that_learns_drops_and_the_kept_one_does_not(
    student: Student, tmp_path: Path
) -> None:
    """[035]: kept vectors equal those of the frozen tower exactly."""
    part = AlternatingCache(loop=Fit(loss=IN_BATCH, **SETTINGS), turns=1)
    ends = []
    for dropout in (False, True):
        folder = tmp_path / str(dropout)
        ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
        after = part(*themselves(2), Dense(dropout=dropout)(student), ctx)
        ends.append(after.encoder.open("cpu"))
    plain = student.encoder.open("cpu").encode(TEXTS, kind="document")
    off, on = (towers.encode(TEXTS, kind="query") for towers in ends)
    assert not np.allclose(off, on, atol=1e-4)
    for towers in ends:
        assert np.array_equal(towers.encode(TEXTS, kind="document"), plain)
