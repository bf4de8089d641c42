"""StepByStep: a student learns to pick what is good together. [047] [051] [058]"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.encoders import Dense
from acclimate.models.encoders.state import ROUTE, map_of
from acclimate.models.student import Student
from acclimate.parts.labellers import Covered
from acclimate.parts.loops import Fit, StepByStep
from acclimate.parts.loops._picker import Picker, Vectors, by_pick, by_rollout
from acclimate.parts.loops._rollouts import Rollouts, rolled
from acclimate.parts.losses import GRPO, PPO, InfoNCE, WeightedNLL
from acclimate.parts.part import Context
from acclimate.parts.students import Sequential
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration

THINGS = samples.things()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Dense:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def vectors(width: int = 32) -> Vectors:
    """A query, two documents that are nearly the same, and one that is not."""
    documents = np.zeros((3, width), dtype=np.float32)
    documents[:, :2] = [[1.0, 0.0], [0.98, 0.199], [0.6, 0.8]]
    queries = np.zeros((1, width), dtype=np.float32)
    queries[0, 0] = 1.0
    return Vectors(queries, documents, normalised=True)


def worth(asked):
    """Either of the first two says the same; the third adds as much again."""
    return {(q, rows): float(bool({0, 1} & {*rows})) + float(2 in rows) for q, rows in asked}


def picker(base: Dense, loss: Any, temperature: float = 0.1) -> Picker:
    model = Sequential().prepare(base.load())
    return Picker(model, vectors(), loss, temperature=temperature, seed=0)


def rollouts(drawing: Picker | None, count: int) -> Rollouts:
    pick = None if drawing is None else drawing.draw
    return rolled({0: [0, 1, 2]}, worth, pick, picks=2, rollouts=count, luck=np.random.default_rng)


def trained(learner: Picker, steps: int = 60) -> Picker:
    optimiser = torch.optim.Adam([p for p in learner.parameters() if p.requires_grad], lr=0.05)
    for step in range(steps):
        for piece, _ in learner.pieces(np.array([step])):
            optimiser.zero_grad()
            piece.backward()
            optimiser.step()
    return learner


def second_pick(learner: Picker) -> int:
    """What it picks behind document 0."""
    states = rolled(
        {0: [0, 1, 2]}, worth, lambda s, _: np.zeros(len(s.queries), dtype=np.int64),
        picks=2, rollouts=1, luck=np.random.default_rng,
    )  # fmt: skip
    after = by_pick(states, shown=False).rows(np.array([1])).states
    with torch.no_grad():
        scores = learner.of_states(after)[0].numpy()
    return int(after.documents[0][np.where(after.documents[0] >= 0, scores, -np.inf).argmax()])


@pytest.mark.parametrize(
    "loss", [PPO(temperature=0.1), InfoNCE(temperature=0.1)], ids=["PPO", "CE"]
)
def test_of_two_that_say_the_same_the_second_is_left_for_what_is_new(
    base: Dense, loss: Any
) -> None:
    """[051] Similarity alone picks the near copy second; the policy that learned does not."""
    learner = picker(base, loss)
    assert second_pick(learner) == 1
    shown = isinstance(loss, InfoNCE)
    made = rollouts(None if shown else learner, 1 if shown else 8)
    lesson = by_pick(made, shown=shown)
    behind = np.array([n for n, (_, rows) in enumerate(made.states) if rows == (0,)])
    learner.learn(lesson.rows(behind))
    assert second_pick(trained(learner)) == 2


def test_the_chance_of_a_rollout_is_the_product_of_its_picks(base: Dense) -> None:
    """[058] p(z) = Π p(z_t | z_<t): over all orders of two of three the chances sum to 1."""
    learner = picker(base, WeightedNLL())
    with torch.no_grad():
        learner.state.weight.copy_(-0.7 * torch.eye(32))
    orders = [(a, b) for a in range(3) for b in range(3) if a != b]
    made = Rollouts()
    for first, second in orders:
        one = rolled(
            {0: [0, 1, 2]}, worth, following(first, second), picks=2, rollouts=1,
            luck=np.random.default_rng,
        )  # fmt: skip
        shift = len(made.states)
        made.states.extend(one.states)
        made.documents.extend(one.documents)
        made.values.extend(one.values)
        for path in one.paths:
            path.states[:] = [n + shift for n in path.states]
            made.paths.append(path)
    lesson = by_rollout(made)
    with torch.no_grad():
        told = learner._scores(lesson)
    assert told.shape == (1, 6)
    assert told.exp().sum().item() == pytest.approx(1)
    asks = vectors().documents @ (vectors().queries[0] - 0.7 * vectors().documents[0])
    first = vectors().documents @ vectors().queries[0]
    by_hand = math.log(np.exp(first[0] / 0.1) / np.exp(first / 0.1).sum()) + math.log(
        np.exp(asks[2] / 0.1) / np.exp(asks[1:] / 0.1).sum()
    )
    assert told[0, orders.index((0, 2))].item() == pytest.approx(by_hand, rel=1e-4)
    assert lesson.targets.tolist() == [[1.0, 2.0, 1.0, 2.0, 2.0, 2.0]]


def following(*rows: int) -> Any:
    """Picks these documents."""

    def pick(states: Any, rng: np.random.Generator) -> Any:
        del rng
        depth = int((states.picked >= 0).sum(axis=1)[0])
        return (states.documents == rows[depth]).argmax(axis=1)

    return pick


def test_a_loss_that_looks_back_is_told_the_policy_before(base: Dense) -> None:
    learner = picker(base, GRPO(temperature=1.0))
    learner.learn(by_rollout(rollouts(learner, 4)))
    assert learner.before is not None
    assert learner.before.shape == (1, 4)
    ((loss, value),) = learner.pieces(np.array([0]))
    assert value == pytest.approx(0, abs=1e-6)  # ratios of 1, and advantages whose mean is 0
    assert loss.requires_grad


def part(**settings: Any) -> StepByStep:
    fit = Fit(loss=InfoNCE(), steps=3, batch=4, warmup=1, learning_rate=1e-2, candidates=3)
    told: dict[str, Any] = {"loop": fit, "labeller": Covered(), "learns": "picks", "by": "teacher"}
    return StepByStep(**(told | settings))


def learn(step: StepByStep, base: Dense, folder: Path, **more: Any) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    student = more.get("student", Sequential()(Student(encoder=base)))
    tables = (THINGS[Corpus], THINGS[Queries], more.get("candidates", THINGS[Candidates]))
    return step(*tables, student, ctx), ctx


def test_a_student_is_trained_saved_and_goes_on(base: Dense, tmp_path: Path) -> None:
    after, ctx = learn(part(), base, tmp_path / "one")
    state = map_of(after.encoder)
    assert state is not None
    assert ctx.notes["picks"]["queries"] == len(THINGS[Queries].of_split("train"))
    documents = [
        s.encode(list(TEXTS), task="document") for s in (after.encoder.load(), base.load())
    ]
    assert np.allclose(*documents, atol=1e-6)
    same, _ = learn(part(), base, tmp_path / "again")
    assert np.array_equal(map_of(same.encoder), state)
    drawn = part(
        by="student", learns="rollouts", rollouts=4,
        loop=Fit(loss=WeightedNLL(), steps=2, batch=4, warmup=1, learning_rate=1e-2, candidates=3),
    )  # fmt: skip
    later, notes = learn(drawn, base, tmp_path / "later", student=after)
    moved = later.encoder.load()[0].sub_modules[ROUTE][-1].linear.weight.detach().numpy()
    assert not np.array_equal(moved, state)
    assert notes.notes["picks"]["rollouts"] == 4 * notes.notes["picks"]["queries"]


def test_what_cannot_be_learned_is_refused(base: Dense, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="has no state"):
        learn(part(), base, tmp_path, student=Student(encoder=base))
    with pytest.raises(TableError, match="nothing to learn from"):
        learn(part(), base, tmp_path, candidates=Candidates.empty())
    with pytest.raises(StoreError, match="writes weights"):
        part()(
            THINGS[Corpus], THINGS[Queries], THINGS[Candidates], Student(encoder=base), Context()
        )


@pytest.mark.parametrize(
    "settings",
    [{"picks": 0}, {"rollouts": 2}, {"learns": "rollouts"}, {"temperature": 0.0},
     {"by": "student", "rollouts": 0}],
    ids=["no pick", "a teacher twice", "a teacher's rollouts", "no temperature", "no rollout"],
)  # fmt: skip
def test_settings_that_teach_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        part(**settings)
