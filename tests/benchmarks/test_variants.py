"""Recipes that are compared are alike in all but what is compared."""

import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.parts.part import gives
from acclimate.recipes._pieces import pieces
from acclimate.recipes.default import default
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus, Queries
from acclimate.testing.fakes import FakeScorer

LABELLED = (miners.BM25(), labellers.SourceIsRelevant())
FIT = loops.Fit(loss=losses.InfoNCE(), steps=10, batch=8, warmup=4)


@pytest.fixture
def variants(program):
    return program("variants")


def asked(recipe):
    return next(p for p in recipe.steps if gives(p) is Queries)


def test_methods_have_the_same_queries_and_no_gate(variants) -> None:
    made = [variants.method(name=n, queries=300, steps=20) for n in ("default", "gpl", "tas_b")]
    assert [asked(recipe) for recipe in made] == [pieces(300)] * 3
    assert [recipe.judge for recipe in made] == [None] * 3
    assert filters.HoldOut(queries=30) in made[1].steps


def test_methods_read_as_many_queries_in_training(variants) -> None:
    """20 updates of 16, in the batches of each recipe."""
    for name in ("default", "gpl", "ance", "soup"):
        read = variants.visits(variants.method(name=name, queries=300, steps=20).steps)
        assert read == pytest.approx(320, rel=0.25)


def test_rounds_read_again_and_a_map_behind_an_encoder_is_free(variants) -> None:
    assert variants.visits((FIT,)) == 80
    behind = loops.Rounds(steps=(students.Adapter(), *LABELLED, FIT), rounds=1)
    assert variants.visits((loops.Rounds(steps=(*LABELLED, FIT), rounds=3), behind)) == 240
    assert variants.visits((behind,)) == 80
    assert variants.visits((FIT, students.Adapter(), FIT)) == 80
    assert variants.visits(default().steps) == 200 * 16


def test_trainings_are_scaled_with_their_warmup(variants) -> None:
    (scaled,) = variants.scaled((loops.Rounds(steps=(*LABELLED, FIT)),), 0.5)
    assert (scaled.steps[-1].steps, scaled.steps[-1].warmup) == (5, 2)
    assert variants.scaled(FIT, 1e-9).steps == 1
    assert variants.scaled(miners.BM25(), 0.5) == miners.BM25()


def test_what_stands_in_for_a_model_is_told(variants) -> None:
    recipe = Recipe(
        "mine",
        (generators.Titles(), miners.BM25(), labellers.Score(teacher=FakeScorer()), FIT),
    )
    assert variants.exchanges(recipe, 300, "") == []
    gone = labellers.Score(teacher=Dense("no/where"))
    found = variants.exchanges(recipe.exchanged(recipe.steps[2], gone), 300, "")
    assert found == [(gone, labellers.Fusion())]
    assert any("query-gen" in what for what in variants.stood_in(name="gpl"))


def test_a_signal_is_default_with_one_part_exchanged(variants) -> None:
    sizes = {"queries": 300, "steps": 20}
    plain = variants.signal(part="default", **sizes)
    own = miners.Union((miners.BM25(depth=24), miners.WithStudent(depth=24)))
    titles = variants.signal(stage="generators", part="Titles", **sizes)
    one = generators.Mixed((generators.Titles(),), queries=300)
    assert titles == plain.exchanged(pieces(300), one)
    hops = variants.signal(stage="miners", part="MultiHop", **sizes)
    assert hops == plain.exchanged(own, miners.MultiHop(miner=own))
    late = variants.signal(stage="labellers", part="LateInteraction", **sizes)
    spread = labellers.Rescale(method="spread", low=-0.15, high=0.15)
    assert late == plain.exchanged(labellers.Fusion(), labellers.LateInteraction(), spread)


def test_what_changes_labels_or_queries_comes_behind_them(variants) -> None:
    top = variants.signal(stage="labellers", part="TopBottom")
    assert "Fusion" in repr(top.steps)
    assert "TopBottom" in repr(top.steps)
    noisy = variants.signal(stage="generators", part="InputNoise", queries=300)
    at = noisy.steps.index(pieces(300))
    assert isinstance(noisy.steps[at + 1], generators.InputNoise)


@pytest.mark.parametrize("stage", ["generators", "miners", "labellers"])
def test_every_part_is_shown_or_left_out_with_a_reason(stage: str, variants) -> None:
    reasons = {
        name: variants.why_not(lambda name=name: variants.signal(stage=stage, part=name))
        for name in variants.names(stage)
    }
    assert reasons["default"] is None
    shown = {"generators": "Titles", "miners": "BM25", "labellers": "LateInteraction"}
    assert reasons[shown[stage]] is None
    assert all(reason is None or reason.strip() for reason in reasons.values())


def test_why_a_recipe_cannot_be_run(variants) -> None:
    teacher = labellers.Score(teacher=Dense("no/such-model"))
    steps = (generators.Titles(), miners.BM25(), teacher)
    assert variants.why_not(lambda: Recipe("r", steps)) == "needs such-model"
    log = Recipe("r", (miners.BM25(),), brings=(Corpus, Student, Queries))
    assert variants.why_not(lambda: log) == "needs Queries of people"
    assert variants.why_not(lambda: variants.method(name="inpars")).startswith("asks a language")
    needs = variants.why_not(lambda: variants.signal(stage="labellers", part="Score"))
    assert needs == "needs a teacher (--teacher)"
