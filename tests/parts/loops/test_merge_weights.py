"""MergeWeights: the mean of trainings, by hand and with tiny models."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import MergeWeights
from acclimate.parts.loops.merge_weights import agreement, greedy, held_out, mean_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine
from acclimate.testing.tiny import tiny_encoder

A, B, C = Dense("a"), Dense("b"), Dense("c")


def join(one: Dense, other: Dense, share: float) -> Dense:
    return Dense(f"({one.model} {other.model} {share:.2f})")


def test_the_mean_of_three_gives_each_a_third() -> None:
    """Half of the second; then a third of the third, which leaves a third to each before."""
    assert mean_of([A, B, C], join).model == "((a b 0.50) c 0.33)"
    assert mean_of([A], join) == A


def test_the_greedy_soup_begins_with_the_best_and_takes_what_does_not_lower_it() -> None:
    """0.8 alone; with b 0.7, so b is left out; with a 0.8, no lower."""
    rates = {"(c b 0.50)": 0.7, "(c a 0.50)": 0.8}
    merged, taken = greedy([A, B, C], [0.5, 0.6, 0.8], lambda m: rates[m.model], join)
    assert (merged.model, taken) == ("(c a 0.50)", [2, 0])


def test_each_next_one_is_held_against_the_soup_so_far() -> None:
    """b lifts it to 0.9; with a it would be 0.85, better than c alone and worse than now."""
    rates = {"(c b 0.50)": 0.9, "((c b 0.50) a 0.33)": 0.85}
    merged, taken = greedy([A, B, C], [0.5, 0.6, 0.8], lambda m: rates[m.model], join)
    assert (merged.model, taken) == ("(c b 0.50)", [2, 1])


def test_of_equals_the_first_goes_first() -> None:
    merged, taken = greedy([A, B], [0.5, 0.5], lambda m: 0.4, join)
    assert (merged, taken) == (A, [0])


def test_agreement_is_the_share_of_pairs_in_the_teachers_order() -> None:
    """The first query has 2 of 3 in order; the second 1 of 1; the third makes no pair."""
    scores = np.asarray([3.0, 1.0, 2.0, 0.5, 0.9, 1.0, 2.0])
    values = np.asarray([9.0, 5.0, 1.0, 0.0, 1.0, 4.0, 4.0])
    asked = np.asarray([0, 0, 0, 1, 1, 2, 2])
    assert agreement(scores, values, asked) == pytest.approx((2 / 3 + 1) / 2)


def test_equal_scores_are_half_in_order() -> None:
    asked = np.zeros(2, dtype=np.int64)
    assert agreement(np.asarray([1.0, 1.0]), np.asarray([2.0, 1.0]), asked) == 0.5
    assert agreement(np.asarray([1.0, 2.0]), np.asarray([2.0, 1.0]), asked) == 0.0
    assert agreement(np.asarray([1.0, 2.0]), np.asarray([1.0, 1.0]), asked) == 0.0


QUERIES = Queries.columns(
    query_id=["q", "r", "t"],
    text=["warm milk yoghurt", "bees honey", "the moon"],
    split=["heldout", "heldout", "train"],
)


def labels(*rows: tuple[str, str, float]) -> Labels:
    queries, documents, values = zip(*rows, strict=True)
    return Labels.columns(
        query_id=queries, doc_id=documents, value=values, teacher=["t"] * len(values)
    )


def test_held_out_labels_are_compared_with_the_encoder() -> None:
    """Of q yoghurt before chain; of r chain before bees, which no encoder of words finds."""
    given = labels(
        ("q", "yoghurt", 2), ("r", "bees", 0), ("q", "chain", 1), ("r", "chain", 1),
        ("t", "moon", 1),
    )  # fmt: skip
    pairs = held_out(toys.CORPUS, QUERIES, given)
    assert pairs.asked.tolist() == [0, 1, 0, 1]
    encoder = cast(Dense, FakeEncoder())
    assert pairs.agreement(encoder, Context(engine=FakeEngine())) == 0.5


def test_without_held_out_labels_the_greedy_soup_says_so() -> None:
    for given in (
        labels(("t", "moon", 1), ("t", "bees", 2)),
        labels(("q", "moon", 1), ("q", "bees", 1)),
    ):
        with pytest.raises(TableError, match=r"of 2 none has labels.*HoldOut"):
            held_out(toys.CORPUS, QUERIES, given)


@dataclass(frozen=True, kw_only=True)
class Becomes:
    """A training whose outcome is known."""

    model: str

    def __call__(self, labels: Labels, student: Student) -> Student:
        assert student.encoder.model.endswith("start")
        return student.trained(replace(student.encoder, model=self.model))


def weights(encoder: Dense) -> Any:
    return encoder.load()[0].auto_model.embeddings.word_embeddings.weight


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Dense]:
    folder = tmp_path_factory.mktemp("soup")
    texts = toys.CORPUS.contents
    names = ("start", "one", "two")
    return [tiny_encoder(folder / name, seed=n, texts=texts) for n, name in enumerate(names)]


@pytest.mark.integration
@pytest.mark.parametrize("share", [1.0, 0.25])
def test_the_weights_are_the_mean(models: list[Dense], share: float, tmp_path: Path) -> None:
    """Half and half; at a share of a quarter, three quarters of the start are left."""
    things, (start, one, two) = samples.things(), models
    loops = (Becomes(model=one.model), Becomes(model=two.model))
    ctx = Context(folder=tmp_path, engine=FakeEngine())
    part = MergeWeights(loops=loops, how="average", share=share)
    student = Student(encoder=start)
    after = part(things[Corpus], things[Queries], things[Labels], student, ctx)
    mean = (weights(one) + weights(two)) / 2
    expected = (1 - share) * weights(start) + share * mean
    assert np.allclose(weights(after.encoder).detach(), expected.detach(), atol=1e-6)
    assert after.start == start
    assert tmp_path in Path(after.encoder.model).parents
    assert ctx.notes["merged"] == {"members": 2}


@pytest.mark.integration
def test_the_greedy_soup_reports_what_it_took(models: list[Dense], tmp_path: Path) -> None:
    """The teacher is the second training itself: its order is the second's, so it comes first."""
    things, (start, one, two) = samples.things(), models
    asked = things[Queries].head(4)
    held = Queries(asked.rows.drop_columns("split").append_column("split", [["heldout"] * 4]))
    engine = FakeEngine()
    names = toys.CORPUS["doc_id"]
    documents = engine.encode(two, toys.CORPUS.contents, kind="document")
    scores = engine.encode(two, held["text"], kind="query") @ documents.T
    told = labels(
        *(
            (q, d, float(scores[i, j]))
            for i, q in enumerate(held["query_id"])
            for j, d in enumerate(names)
        )
    )
    loops = (Becomes(model=one.model), Becomes(model=two.model))
    ctx = Context(folder=tmp_path, engine=engine)
    after = MergeWeights(loops=loops, how="greedy")(
        toys.CORPUS, held, told, Student(encoder=start), ctx
    )
    found = ctx.notes["merged"]
    assert found["agreement"][1] == 1.0
    assert found["agreement"][0] < 1
    assert found["taken"] == [2]
    assert after.encoder.model == two.model


def test_weights_need_a_folder() -> None:
    part = MergeWeights(loops=(Becomes(model="x"),), how="average")
    with pytest.raises(StoreError, match="Give Context"):
        part(toys.CORPUS, QUERIES, Labels.empty(), Student(encoder=Dense("start")), Context())


@pytest.mark.parametrize("share", [0.0, 1.5, -0.5])
def test_a_share_that_leads_nowhere_is_refused(share: float) -> None:
    with pytest.raises(RecipeError, match="above 0 and at most 1"):
        MergeWeights(loops=(Becomes(model="x"),), share=share)


def test_no_loop_is_refused() -> None:
    with pytest.raises(RecipeError, match="nothing that trains"):
        MergeWeights(loops=())
