"""DynamicListwiseDistillation: student and ranker learn from the same lists at once. [024]"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError, StoreError
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import Cloze, DynamicListwiseDistillation, Fit
from acclimate.parts.loops._joined import joined, other_of
from acclimate.parts.losses import InfoNCE, KLDivergence, ListSoftmaxCE
from acclimate.parts.part import Context
from acclimate.parts.students import Adapter, QuerySide, Reranker
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_scorer

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
TABLES = (THINGS[Corpus], THINGS[Queries], THINGS[Labels])
SMALL: dict[str, Any] = {
    "steps": 3, "batch": 4, "candidates": 3, "warmup": 1, "learning_rate": 1e-3,
}  # fmt: skip
LOOP = Fit(loss=KLDivergence(), **SMALL)
RANKER = Fit(loss=ListSoftmaxCE(), **SMALL)


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    return tiny_scorer(tmp_path_factory.mktemp("scorer"), texts=toys.CORPUS.contents)


@pytest.fixture
def part(scorer: CrossEncoder) -> DynamicListwiseDistillation:
    return DynamicListwiseDistillation(loop=LOOP, ranker=RANKER, base=scorer)


def run(part: Any, student: Student, folder: Path, tables: Any = TABLES) -> Student:
    after: Student = part(*tables, student, Context(seed=1, engine=FakeEngine(), folder=folder))
    return after


def weights(model: Any) -> str:
    return digest(Path(model.model))


def test_the_values_of_rocketqa_v2() -> None:
    """[024]: retriever (1, 0, −1), ranker (2, 0, −2): KL 0.115611, CE 0.142932."""
    retriever, ranker = torch.tensor([[1.0, 0, -1]]), torch.tensor([[2.0, 0, -2]])
    mask = torch.ones(1, 3, dtype=torch.bool)
    kl = KLDivergence(teacher_temperature=1.0, student_temperature=1.0)
    assert kl(retriever, ranker, mask).item() == pytest.approx(0.115611, abs=1e-6)
    assert ListSoftmaxCE()(ranker, torch.zeros(1, 3), mask).item() == pytest.approx(
        0.142932, abs=1e-6
    )


def test_both_learn_and_the_ranker_is_beside_the_student(
    part: Any, student: Student, scorer: CrossEncoder, tmp_path: Path
) -> None:
    after = run(part, student, tmp_path)
    assert after.start == student.encoder
    assert weights(after.encoder) != weights(student.encoder)
    assert isinstance(after.beside, CrossEncoder)
    assert weights(after.beside) != weights(scorer)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {Path(after.encoder.model).name, "beside"}


def test_a_frozen_ranker_is_ordinary_distillation_bit_for_bit(
    student: Student, scorer: CrossEncoder, tmp_path: Path
) -> None:
    """[024]: what the student heard, written down as labels, teaches it the same by loops.Fit."""
    frozen = DynamicListwiseDistillation(loop=LOOP, base=scorer)
    heard = lists_heard(frozen, student)
    one = run(frozen, student, tmp_path / "dynamic")
    other = run(LOOP, student, tmp_path / "plain", (THINGS[Corpus], THINGS[Queries], heard))
    assert weights(one.encoder) == weights(other.encoder)
    assert one.beside == scorer


def learners(part: Any, student: Student) -> tuple[Any, Any]:
    """Both, as the part trains them."""
    from acclimate.parts.loops._together import Learning, hear

    ctx = Context(seed=1, engine=FakeEngine())
    fits = joined(part, part.loop, part.ranker)
    both = Learning(fits, (student, other_of(student, part.base, part.shape)), TABLES, ctx)
    first, second = both.learners()
    hear(first, second, "targets")
    return first, second


def lists_heard(part: Any, student: Student) -> Labels:
    """What a frozen ranker tells the student, update by update, as labels."""
    first, _ = learners(part, student)
    names, documents = THINGS[Queries]["query_id"], THINGS[Corpus]["doc_id"]
    rows = []
    for step in range(LOOP.steps):
        drawn = first.material.draw(np.arange(step * LOOP.batch, (step + 1) * LOOP.batch))
        for line, column in zip(*np.nonzero(drawn.mask), strict=True):
            rows.append(
                {
                    "query_id": names[drawn.queries[line]],
                    "doc_id": documents[drawn.documents[line, column]],
                    "value": drawn.values[line, column],
                    "teacher": "ranker",
                }
            )
    return Labels.of(rows)


def test_the_ranker_learns_from_the_labels_alone(part: Any, student: Student) -> None:
    """[024]: the student's divergence has no gradient in the ranker, nor the other way round."""
    places = np.arange(4)
    for first, second in (learners(part, student), learners(part, student)[::-1]):
        for piece, _ in first.pieces(places):
            piece.backward()
        assert any(w.grad is not None and w.grad.any() for w in first.parameters())
        assert all(w.grad is None for w in second.parameters())


def test_each_learns_at_its_own_rate(
    part: Any, student: Student, scorer: CrossEncoder, tmp_path: Path
) -> None:
    slow = replace(part, ranker=replace(RANKER, learning_rate=1e-9))
    after = run(slow, student, tmp_path)
    assert 0 < moved(scorer, after.beside) < 1e-7
    assert moved(student.encoder, after.encoder) > 1e-4


def moved(before: Any, after: Any) -> float:
    """The largest change of a weight."""
    pairs = zip(
        before.load().state_dict().values(), after.load().state_dict().values(), strict=True
    )
    return max(float((one - other).abs().max()) for one, other in pairs)


def test_in_a_second_round_the_ranker_goes_on(part: Any, student: Student, tmp_path: Path) -> None:
    first = run(part, student, tmp_path / "one")
    slow = replace(part, ranker=replace(RANKER, learning_rate=1e-9))
    second = run(slow, first, tmp_path / "two")
    assert moved(first.beside, second.beside) < 1e-7


@pytest.mark.parametrize("shape", [Adapter(), QuerySide()], ids=lambda s: type(s).__name__)
def test_students_of_other_shapes_learn_so_too(
    shape: Any, part: Any, student: Student, tmp_path: Path
) -> None:
    after = run(part, shape(student), tmp_path)
    assert weights(after.encoder) != weights(student.encoder)


def test_a_ranker_is_made_of_the_students_own_model(student: Student, tmp_path: Path) -> None:
    part = DynamicListwiseDistillation(loop=LOOP, ranker=RANKER, shape=Reranker())
    after = run(part, student, tmp_path)
    assert isinstance(after.beside, CrossEncoder)
    assert after.beside.open("cpu").score(["warm milk"], ["yoghurt"]).shape == (1,)


def test_a_killed_training_goes_on_and_both_end_bit_for_bit_the_same(
    part: Any, student: Student, tmp_path: Path, killed_at: Any
) -> None:
    long = {"steps": 8, "save_every": 3}
    part = replace(part, loop=replace(LOOP, **long), ranker=replace(RANKER, steps=8))
    whole = run(part, student, tmp_path / "whole")
    killed_at(
        5,
        lambda track: part(
            *TABLES,
            student,
            Context(seed=1, engine=FakeEngine(), folder=tmp_path / "cut", track=track),
        ),
    )
    assert [p.name for p in (tmp_path / "cut" / "checkpoints").iterdir()] == ["checkpoint-3"]
    resumed = run(part, student, tmp_path / "cut")
    assert weights(resumed.encoder) == weights(whole.encoder)
    assert weights(resumed.beside) == weights(whole.beside)


def test_trainings_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(RecipeError, match="batch is 4 for one and 8 for the other"):
        DynamicListwiseDistillation(loop=LOOP, ranker=replace(RANKER, batch=8))
    with pytest.raises(RecipeError, match=r"by loops\.Fit; not by Cloze"):
        DynamicListwiseDistillation(loop=Cloze(loop=LOOP))
    with pytest.raises(RecipeError, match="documents of the whole batch"):
        DynamicListwiseDistillation(loop=replace(LOOP, loss=InfoNCE(in_batch=True)))


def test_without_a_folder_nothing_is_trained(part: Any, student: Student) -> None:
    with pytest.raises(StoreError, match="needs a folder"):
        part(*TABLES, student, Context(engine=FakeEngine()))
