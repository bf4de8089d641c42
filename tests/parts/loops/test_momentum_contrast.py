"""MomentumContrast: queries learn against a queue that a slow copy of the student fills. [098]"""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError, StoreError
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.generators import RandomCrops
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import AlternatingCache, Cloze, Fit, MomentumContrast
from acclimate.parts.loops._groups import Groups
from acclimate.parts.loops.momentum_contrast import _renumbered
from acclimate.parts.losses import GRPO, InfoNCE
from acclimate.parts.miners import RandomDocuments
from acclimate.parts.part import Context
from acclimate.parts.students import (
    Adapter,
    LateInteraction,
    Matryoshka,
    QuerySide,
    Reranker,
)
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
CORPUS, QUERIES = THINGS[Corpus], THINGS[Queries]
LABELS: Labels = SourceIsRelevant()(CORPUS, QUERIES, THINGS[Candidates], Context())
LOSS = InfoNCE(temperature=0.05)
LOOP = Fit(loss=LOSS, steps=8, batch=4, candidates=1, warmup=1, learning_rate=1e-2)
PART = MomentumContrast(loop=LOOP, queue=8, momentum=0.9)


def run(
    part: MomentumContrast, student: Student, folder: Path, **settings: Any
) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder, **settings)
    return part(CORPUS, QUERIES, LABELS, student, ctx), ctx


def weights(student: Student) -> str:
    return digest(Path(student.encoder.model))


def cropped(corpus: Corpus, per_document: int) -> tuple[Queries, Candidates, Labels]:
    """Crops of documents that ask for another crop of them."""
    ctx = Context(seed=1)
    queries = RandomCrops(per_document=per_document)(corpus, ctx)
    candidates = RandomDocuments(count=1)(corpus, queries, ctx)
    return queries, candidates, SourceIsRelevant()(corpus, queries, candidates, ctx)


@pytest.mark.parametrize(("queue", "advice"), [(10, 8), (2, 4), (0, 4), (15, 16)])
def test_a_queue_that_holds_no_whole_batches_is_refused(queue: int, advice: int) -> None:
    """[098]"""
    with pytest.raises(RecipeError, match=rf"whole batches of 4.*such as {advice}\."):
        replace(PART, queue=queue)


def test_the_loss_of_a_query_with_two_keys_in_the_queue() -> None:
    """[098]: of (0.9, 0.1, 0.2) / 0.05, ln(1 + e^−16 + e^−14) = 9.4e-7."""
    scores = torch.tensor([[0.9, 0.1, 0.2]], dtype=torch.float64)
    told = LOSS(scores, torch.tensor([[1.0, 0, 0]]), torch.ones(1, 3, dtype=torch.bool))
    assert told.item() == pytest.approx(9.4e-7, rel=5e-3)
    assert told.item() == pytest.approx(np.log1p(np.exp(-16) + np.exp(-14)), rel=1e-6)


def test_other_readings_of_a_querys_document_are_no_negatives(
    student: Student, tmp_path: Path
) -> None:
    """Crops of the only document are alike: there is nothing to tell it from."""
    one, notes = CORPUS.head(1), []

    def make(part: Any, inputs: Any, below: Context) -> Any:
        after = part(**inputs, ctx=below)
        notes.append(below.notes)
        return after

    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path, make=make)
    crops = cropped(one, 4)
    Cloze(loop=PART)(one, *crops, student, ctx)
    assert ctx.notes["documents read otherwise"] == 4
    assert notes[0]["curve"]["loss"] == [0.0] * 8


def test_where_vectors_stay_documents_have_other_rows_and_the_same_numbers() -> None:
    groups = Groups(np.arange(2), np.arange(3), np.array([70, 65]), np.ones(2, dtype=np.float32))
    there = replace(groups, documents=np.array([1, 0]))
    material: Any = SimpleNamespace(groups=there, documents=["the 65th", "the 70th"])
    assert _renumbered(np.arange(100) + 5, groups, material).tolist() == [70, 75]


def test_crops_learned_from_beat_the_untrained_student_and_vectors_do_not_collapse(
    student: Student, tmp_path: Path
) -> None:
    """[098]: the first sentence of each toy document is sought by its second."""
    part = replace(PART, loop=replace(LOOP, steps=40, batch=12, warmup=5), queue=48)
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    after = Cloze(loop=part)(CORPUS, *cropped(CORPUS, 8), student, ctx)

    def measured(one: Student) -> tuple[float, float]:
        encoder = one.encoder.open("cpu")
        halves = list(zip(*(text.split(". ", 1) for text in toys.CORPUS["text"]), strict=True))
        found, asked = (
            encoder.encode(list(half), kind=kind)
            for half, kind in zip(halves, ("document", "query"), strict=True)
        )
        scores = asked @ found.T
        ranks = (scores >= scores.diagonal()[:, None]).sum(axis=1)
        spread = encoder.encode(CORPUS.contents, kind="document").std(axis=0).mean()
        return float((1 / ranks).mean()), float(spread)

    (before, spread), (learned, still) = measured(student), measured(after)
    assert learned > 1.5 * before
    assert still > 0.5 * spread


def test_what_is_saved_is_the_student_and_an_ordinary_folder(
    student: Student, tmp_path: Path
) -> None:
    """With a copy that never follows, the copy would be what the student began as."""
    from sentence_transformers import SentenceTransformer

    after, ctx = run(replace(PART, momentum=1.0), student, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [Path(after.encoder.model).name]
    assert (after.start, after.beside) == (student.encoder, None)
    assert weights(after) != weights(student)
    plain = SentenceTransformer(after.encoder.model, device="cpu")
    assert plain.state_dict().keys() == student.encoder.load().state_dict().keys()
    losses = ctx.notes["curve"]["loss"]
    assert losses[0] == 0  # the queue is empty
    assert min(losses[1:]) > 0


def test_the_momentum_decides_what_is_learned(student: Student, tmp_path: Path) -> None:
    one, _ = run(PART, student, tmp_path / "one")
    other, _ = run(replace(PART, momentum=0.5), student, tmp_path / "other")
    assert weights(one) != weights(other)


def test_a_killed_training_goes_on_and_ends_bit_for_bit_the_same(
    student: Student, tmp_path: Path, killed_at: Any
) -> None:
    """[098]: a checkpoint holds the copy, the queue and the pointer, then in its middle."""
    part = replace(PART, loop=replace(LOOP, save_every=3))
    whole, ctx = run(part, student, tmp_path / "whole")
    killed_at(4, lambda track: run(part, student, tmp_path / "cut", track=track))
    assert [p.name for p in (tmp_path / "cut" / "checkpoints").iterdir()] == ["checkpoint-3"]
    resumed, again = run(part, student, tmp_path / "cut")
    assert weights(resumed) == weights(whole)
    assert again.notes["curve"] == ctx.notes["curve"]


@pytest.mark.parametrize(
    "shape", [Adapter(), QuerySide(), Matryoshka(dims=(16, 8))], ids=lambda s: type(s).__name__
)
def test_a_student_learns_in_its_shape(shape: Any, student: Student, tmp_path: Path) -> None:
    after, ctx = run(PART, shape(student), tmp_path)
    assert weights(after) != weights(student)
    assert min(ctx.notes["curve"]["loss"][1:]) > 0


def test_fewer_queries_than_a_batch_go_round_the_queue_all_the_same(
    student: Student, tmp_path: Path
) -> None:
    """12 queries in batches of 12, not 16: 48 keys in a queue of 32 stop at place 16."""
    part = replace(PART, loop=replace(LOOP, batch=16, steps=4), queue=32)
    _, ctx = run(part, student, tmp_path)
    assert len(ctx.notes["curve"]["loss"]) == 4


@pytest.mark.parametrize(
    ("loop", "complaint"),
    [
        (replace(LOOP, loss=InfoNCE(in_batch=True)), "the queue takes their place"),
        (replace(LOOP, loss=GRPO()), "scores the student had before"),
        (AlternatingCache(loop=LOOP), "adds a queue to loops.Fit"),
    ],
    ids=["in a batch", "looks back", "no Fit"],
)
def test_a_loop_that_cannot_have_a_queue_is_refused(loop: Any, complaint: str) -> None:
    with pytest.raises(RecipeError, match=complaint):
        replace(PART, loop=loop)


@pytest.mark.parametrize("momentum", [-0.1, 1.1])
def test_a_momentum_that_is_no_share_is_refused(momentum: float) -> None:
    with pytest.raises(RecipeError, match="between 0 and 1"):
        replace(PART, momentum=momentum)


@pytest.mark.parametrize("shape", [Reranker(), LateInteraction()], ids=lambda s: type(s).__name__)
def test_a_student_without_one_vector_of_a_text_is_refused(
    shape: Any, student: Student, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match="Give a student with one vector of a text"):
        run(PART, shape(student), tmp_path)


def test_without_a_folder_nothing_is_trained(student: Student) -> None:
    ctx = Context(engine=FakeEngine())
    with pytest.raises(StoreError, match="writes weights"):
        PART(CORPUS, QUERIES, LABELS, student, ctx)
