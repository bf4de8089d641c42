"""Fit: a tiny student learns from labels, stops, goes on, and ends the same."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError, RecipeError, StoreError, TableError
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import Fit
from acclimate.parts.loops._completed import curve
from acclimate.parts.losses import InfoNCE, KLDivergence, MarginMSE
from acclimate.parts.part import Context, Loss
from acclimate.parts.students import QuerySide
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

THINGS = samples.things()
SETTINGS: dict[str, Any] = {
    "steps": 12, "batch": 4, "candidates": 3, "warmup": 2, "learning_rate": 1e-3,
}  # fmt: skip


def fit(
    part: Fit, student: Student, folder: Path, things: Any = THINGS, engine: Any = None
) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=engine or FakeEngine(), folder=folder)
    tables = (things[Corpus], things[Queries], things[Labels])
    return part(*tables, student, ctx), ctx


def weights(student: Student) -> str:
    return digest(Path(student.encoder.model))


@pytest.mark.parametrize(
    "loss", [MarginMSE(), KLDivergence(), InfoNCE(), InfoNCE(in_batch=True)], ids=repr
)
def test_the_loss_falls(loss: Loss, student: Student, tmp_path: Path) -> None:
    part = Fit(loss=loss, **SETTINGS | {"steps": 40, "batch": 12})
    _, ctx = fit(part, student, tmp_path)
    losses = ctx.notes["curve"]["loss"]
    assert len(losses) == 40
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])


def test_the_student_comes_back_with_new_weights_and_its_start(
    student: Student, tmp_path: Path
) -> None:
    after, ctx = fit(Fit(loss=MarginMSE(), **SETTINGS), student, tmp_path)
    assert after.start == student.encoder
    assert weights(after) != digest(Path(student.encoder.model))
    assert ctx.notes["examples"]["queries that train"] == 12
    vectors = after.encoder.open("cpu").encode(["warm milk"], kind="query")
    assert np.linalg.norm(vectors) == pytest.approx(1, abs=1e-6)


def test_nothing_but_the_model_is_left_behind_and_it_is_safe(
    student: Student, tmp_path: Path
) -> None:
    after, _ = fit(Fit(loss=MarginMSE(), **SETTINGS, save_every=5), student, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [Path(after.encoder.model).name]
    files = [p.name for p in Path(after.encoder.model).rglob("*") if p.is_file()]
    assert "model.safetensors" in files
    assert not [f for f in files if f.endswith((".bin", ".pt"))]


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(
    student: Student, tmp_path: Path
) -> None:
    part = Fit(loss=KLDivergence(), **SETTINGS)
    one, _ = fit(part, student, tmp_path / "one")
    two, _ = fit(part, student, tmp_path / "two")
    ctx = Context(seed=2, engine=FakeEngine(), folder=tmp_path / "three")
    three = part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], student, ctx)
    assert weights(one) == weights(two) != weights(three)


def states() -> tuple[Any, ...]:
    numeric = np.random.get_state()  # noqa: NPY002 - the global one
    return random.getstate(), repr(numeric), torch.get_rng_state().tolist()


def test_global_random_states_stay(student: Student, tmp_path: Path) -> None:
    before = states()
    fit(Fit(loss=MarginMSE(), **SETTINGS), student, tmp_path)
    assert states() == before


@pytest.mark.parametrize("loss", [MarginMSE(), InfoNCE(in_batch=True)], ids=repr)
def test_a_killed_training_goes_on_and_ends_bit_for_bit_the_same(
    loss: Loss, student: Student, tmp_path: Path, killed_at: Any
) -> None:
    part = Fit(loss=loss, **SETTINGS, save_every=3)
    whole, ctx = fit(part, student, tmp_path / "whole")

    def train(track: Any) -> object:
        ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path / "cut", track=track)
        return part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], student, ctx)

    killed_at(8, train)
    left = sorted(p.name for p in (tmp_path / "cut" / "checkpoints").iterdir())
    assert left == ["checkpoint-6"]
    resumed, again = fit(part, student, tmp_path / "cut")
    assert weights(resumed) == weights(whole)
    assert again.notes["curve"] == ctx.notes["curve"]


def test_checkpoints_cut_off_or_of_another_training_are_not_used(
    student: Student, tmp_path: Path
) -> None:
    part = Fit(loss=MarginMSE(), **SETTINGS)
    whole, _ = fit(part, student, tmp_path / "whole")
    for number, marker in ((5, None), (7, '{"key": "another", "losses": []}'), (9, "{")):
        folder = tmp_path / "cut" / "checkpoints" / f"checkpoint-{number}"
        folder.mkdir(parents=True)
        (folder / "model.safetensors").write_text("half")
        if marker:
            (folder / "complete.json").write_text(marker)
    after, _ = fit(part, student, tmp_path / "cut")
    assert weights(after) == weights(whole)


def test_a_batch_in_pieces_is_the_batch(
    student: Student, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces of a query each, and all queries at once: the same first loss, nearly the same end."""
    for loss in (MarginMSE(), KLDivergence(), InfoNCE(in_batch=True)):
        part = Fit(loss=loss, **SETTINGS | {"steps": 2, "learning_rate": 1e-4})
        ends = []
        for tokens in (4_096, 8):
            monkeypatch.setattr("acclimate.parts.loops._learner.PIECE_TOKENS", tokens)
            after, ctx = fit(part, student, tmp_path / f"{type(loss).__name__}{tokens}")
            vectors = after.encoder.open("cpu").encode(THINGS[Corpus].contents, kind="document")
            ends.append((ctx.notes["curve"]["loss"], vectors))
        assert ends[0][0] == pytest.approx(ends[1][0], rel=1e-4)
        assert np.abs(ends[0][1] - ends[1][1]).max() < 1e-4


def test_fewer_queries_than_a_batch_train_all_the_same(student: Student, tmp_path: Path) -> None:
    few = samples.things("one query")
    after, ctx = fit(Fit(loss=MarginMSE(), **SETTINGS | {"batch": 64}), student, tmp_path, few)
    assert len(ctx.notes["curve"]["loss"]) == 12
    assert weights(after) != digest(Path(student.encoder.model))


@pytest.mark.parametrize("size", ["one document", "no query", "nothing"])
def test_nothing_to_learn_is_said(size: Any, student: Student, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="nothing to learn from"):
        fit(Fit(loss=MarginMSE(), **SETTINGS), student, tmp_path, samples.things(size))


def test_a_unit_norm_student_learns_margins_of_ten(student: Student, tmp_path: Path) -> None:
    """Cosines differ by 2 at most; with the scale the margins of 10 are learned."""
    margins = THINGS[Labels].dicts()
    sources = dict(zip(THINGS[Queries]["query_id"], THINGS[Queries]["source_doc_id"], strict=True))
    for row in margins:
        row["value"] = 10.0 if row["doc_id"] == sources[row["query_id"]] else 0.0
    things = THINGS | {Labels: Labels.of(margins)}
    part = Fit(loss=MarginMSE(), **SETTINGS | {"steps": 60, "batch": 12})
    _, ctx = fit(part, student, tmp_path / "scaled", things)
    assert ctx.notes["scale"]["out_of_reach_before"] == 1.0
    assert ctx.notes["scale"]["out_of_reach"] == 0.0
    assert ctx.notes["scale"]["student_normalised"]
    assert ctx.notes["curve"]["loss"][-1] < 10
    bare = Fit(loss=MarginMSE(), scale=1.0, **SETTINGS | {"steps": 60, "batch": 12})
    _, ctx = fit(bare, student, tmp_path / "bare", things)
    assert ctx.notes["curve"]["loss"][-1] > 64  # (10 − 2)², the best a cosine can do


def test_the_dot_product_is_not_the_cosine(
    student: Student, dotted: Student, tmp_path: Path
) -> None:
    """The same weights with and without lengths: other scores, other losses."""
    part = Fit(loss=MarginMSE(), scale=1.0, **SETTINGS | {"steps": 1})
    _, cosine = fit(part, student, tmp_path / "cosine")
    _, dot = fit(part, dotted, tmp_path / "dot")
    assert not dot.notes["scale"]["student_normalised"]
    assert dot.notes["curve"]["loss"] != pytest.approx(cosine.notes["curve"]["loss"], rel=0.05)


def test_a_student_with_frozen_documents_encodes_each_once(
    student: Student, tmp_path: Path
) -> None:
    engine = FakeEngine()
    part = Fit(loss=KLDivergence(), **SETTINGS)
    after, _ = fit(part, QuerySide()(student), tmp_path, engine=engine)
    assert engine.calls["encode"] == 12
    texts = THINGS[Corpus].contents
    base, adapted = student.encoder.open("cpu"), after.encoder.open("cpu")
    documents = [m.encode(texts, kind="document") for m in (base, adapted)]
    queries = [m.encode(texts, kind="query") for m in (base, adapted)]
    assert np.array_equal(*documents)
    assert not np.allclose(*queries)


def test_a_second_training_goes_on_where_the_first_ended(student: Student, tmp_path: Path) -> None:
    part = Fit(loss=KLDivergence(), **SETTINGS)
    first, _ = fit(part, QuerySide()(student), tmp_path / "first")
    second, _ = fit(part, first, tmp_path / "second")
    assert second.start == student.encoder
    assert weights(second) != weights(first)
    texts = THINGS[Corpus].contents
    documents = [s.encoder.open("cpu").encode(texts, kind="document") for s in (student, second)]
    assert np.array_equal(*documents)


def test_a_loss_that_is_no_number_stops_with_advice(student: Student, tmp_path: Path) -> None:
    part = Fit(loss=MarginMSE(), **SETTINGS | {"learning_rate": 1e30, "steps": 5})
    with pytest.raises(ModelError, match="Lower the learning rate"):
        fit(part, student, tmp_path)


def test_nothing_is_printed(
    student: Student, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fit(Fit(loss=MarginMSE(), **SETTINGS, save_every=4), student, tmp_path)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_progress_is_told_step_by_step(student: Student, tmp_path: Path) -> None:
    told: list[int] = []

    def track(rows: Any, what: str, total: Any) -> Any:
        for row in rows:
            yield row
            told.append(row)
        told.append(total)

    ctx = Context(engine=FakeEngine(), folder=tmp_path, track=track)
    part = Fit(loss=MarginMSE(), **SETTINGS)
    part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], student, ctx)
    assert told == [*range(12), 12]


def test_without_a_folder_nothing_is_trained(student: Student) -> None:
    with pytest.raises(StoreError, match="folder"):
        Fit(loss=MarginMSE())(
            THINGS[Corpus], THINGS[Queries], THINGS[Labels], student, Context(engine=FakeEngine())
        )


@pytest.mark.parametrize("setting", ["steps", "batch", "candidates", "learning_rate"])
def test_settings_that_would_learn_nothing_are_refused(setting: str) -> None:
    with pytest.raises(RecipeError, match="would learn nothing"):
        Fit(loss=MarginMSE(), **{setting: 0})


def test_the_curve_has_a_hundred_points_of_means() -> None:
    told = curve([float(step) for step in range(1_000)])
    assert len(told["step"]) == 100
    assert told["step"][-1] == 1_000
    assert told["loss"][0] == 4.5
    assert curve([3.0, 1.0]) == {"step": [1, 2], "loss": [3.0, 1.0]}
