"""A budget sizes a recipe: from rates to queries and steps."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Part
from acclimate.pipeline import plan
from acclimate.pipeline.costs import Expected, Flow, Rates, foresee
from acclimate.pipeline.finding import find_maker
from acclimate.recipes.recipe import Recipe
from acclimate.testing import toys
from acclimate.testing.fakes import FakeWriter

RATES = Rates(encode=5_000.0, train=1_500.0, start=10.0, others={})
FLOW = Flow(documents=3_000, tokens=130.0)


def seconds(told: dict[str, object]) -> float:
    return float(told["seconds"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["gpl", "qgen"])
def test_a_recipe_is_sized_to_its_budget(name: str) -> None:
    planned = plan.settle(find_maker(name), FLOW, minutes=30, measure=lambda _: RATES)
    assert 0.85 * 1800 <= seconds(planned.told) <= 0.9 * 1800
    sizes = planned.told["sizes"]
    assert 100 <= sizes["queries"] < 250_000
    assert sizes["steps"] >= 20
    assert not planned.told["warning"]


@pytest.mark.parametrize("name", ["default", "gpl", "qgen"])
def test_more_minutes_never_mean_less(name: str) -> None:
    found = [
        plan.settle(find_maker(name), FLOW, minutes=m, measure=lambda _: RATES).told["sizes"]
        for m in (2, 10, 60)
    ]
    for less, more in itertools.pairwise(found):
        assert all(less[size] <= more[size] for size in less)


def test_enough_minutes_give_the_recipes_own_sizes() -> None:
    planned = plan.settle("default", FLOW, minutes=10_000, measure=lambda _: RATES)
    assert planned.recipe == find_maker("default")()


def test_too_few_minutes_give_the_smallest_sizes_and_a_warning() -> None:
    planned = plan.settle("gpl", FLOW, minutes=0.1, measure=lambda _: RATES)
    assert planned.told["sizes"] == {"queries": 400, "steps": 40, "held_out": 200}
    assert "Even the smallest sizes of gpl take about" in planned.told["warning"]
    most = max(planned.told["steps"], key=lambda step: step["seconds"])
    assert f"most of it {most['step']} ({most['what']}, " in planned.told["warning"]


def test_a_plan_far_over_its_budget_is_refused() -> None:
    planned = plan.settle("gpl", FLOW, minutes=0.1, measure=lambda _: RATES)
    with pytest.raises(RecipeError, match=r"0\.1 minutes are too few.*most of it"):
        plan.check_late(planned.told)
    needed = seconds(planned.told) / 60
    plan.check_late(plan.settle("gpl", FLOW, minutes=needed / 2, measure=lambda _: RATES).told)
    plan.check_late(plan.settle("gpl", FLOW, minutes=10_000, measure=lambda _: RATES).told)
    # 20 seconds for 6 are not worth a refusal.
    plan.check_late({"warning": "late", "seconds": 20.0, "minutes": 0.1})


def test_composites_take_what_their_loops_take() -> None:
    """60 steps of 8 queries, once; twice in stages, curricula, soups and rounds."""
    fit = loops.Fit(loss=losses.KLDivergence(), steps=60, batch=8)
    before = (generators.LeadSentences(), miners.BM25(), labellers.SourceIsRelevant())

    def steps_of(*parts: Part) -> list[Expected]:
        told = foresee(Recipe("r", (*before, *parts), judge=None), FLOW, RATES)
        return [e for e in told if e.step.endswith(("Fit", "labels"))]

    once = steps_of(fit)[0]
    stage = (miners.BM25(), labellers.SourceIsRelevant(), fit)
    for part in (
        loops.Staged(stages=(stage, stage)),
        loops.Curriculum(loops=(fit, fit)),
        loops.MergeWeights(loops=(fit, fit)),
    ):
        found = steps_of(part)
        assert [e.step for e in found] == ["stage 1: Fit", "stage 2: Fit"]
        assert [e.seconds for e in found] == [once.seconds] * 2
    found = steps_of(loops.SelfTraining(loop=fit, rounds=2))
    assert [e.step for e in found[::2]] == ["round 1: labels", "round 2: labels"]
    assert found[0].seconds == 3_000 * 130 / 5_000
    assert [e.seconds for e in found[1::2]] == [once.seconds] * 2


def test_what_was_set_stays() -> None:
    maker = functools.partial(find_maker("gpl"), steps=77)
    planned = plan.settle(maker, FLOW, minutes=1, measure=lambda _: RATES)
    assert "steps" not in planned.told["sizes"]
    assert planned.recipe.steps[-1].steps == 77  # type: ignore[attr-defined]


def test_without_a_budget_nothing_is_measured() -> None:
    def measure(recipe: Recipe) -> Rates:
        raise AssertionError(recipe)

    assert plan.settle("gpl", FLOW, minutes=None, measure=measure).recipe == find_maker("gpl")()


def test_a_recipe_without_sizes_cannot_be_sized() -> None:
    def fixed() -> Recipe:
        return find_maker("qgen")()

    with pytest.raises(RecipeError, match="cannot be sized"):
        plan.settle(fixed, FLOW, minutes=1, measure=lambda _: RATES)


def test_a_run_that_goes_on_keeps_its_plan(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    student = Student(encoder=Dense(str(tmp_path / "model")))
    rates = iter([RATES, Rates(encode=9_999.0, train=9_999.0)])

    def kept(minutes: float) -> plan.Planned:
        return plan.kept(
            tmp_path / "plan.json", "default", toys.CORPUS, student, minutes,
            lambda: plan.settle("default", FLOW, minutes=minutes, measure=lambda _: next(rates)),
        )  # fmt: skip

    first = kept(2)
    assert kept(2) == first
    assert kept(3) != first


def test_costs_grow_with_what_they_are_made_of() -> None:
    def total(**sizes: int) -> float:
        return sum(e.seconds for e in foresee(find_maker("gpl")(**sizes), FLOW, RATES))

    small = {"queries": 1_000, "steps": 100, "held_out": 60}
    assert total(**small) < total(**{**small, "steps": 200})
    # 100 more updates of 32 queries, each with 2 documents of 130 tokens and its own 16.
    more = total(**{**small, "steps": 200}) - total(**small)
    training = 100 * 32 * (16 + 2 * 130) / 1_500
    assert more > training
    named = {e.step for e in foresee(find_maker("gpl")(**small), FLOW, RATES)}
    assert {"load", "DocToQuery", "Union", "Score", "Fit", "gate"} <= named


def test_a_map_behind_a_trained_encoder_costs_another_pass_over_the_documents() -> None:
    def told(maker: str) -> list[Expected]:
        return foresee(find_maker(maker)(), FLOW, RATES)

    passes = 3_000 * 130 / RATES.encode  # all documents, once
    of_default = [e.seconds for e in told("default") if e.step.endswith("Union")]
    again = [e.seconds for e in told("embedding_adapter") if e.step.endswith("Union")]
    assert len(of_default) == 2
    assert min(of_default) > passes  # the base's vectors, then those of the trained encoder
    assert again[1] < passes < again[0]  # a map on frozen vectors needs them once for all rounds


def test_fewer_documents_cost_fewer_passes_and_a_writer_in_a_mixture_its_time() -> None:
    def taken(*steps: Part) -> dict[str, float]:
        found = foresee(Recipe("r", (*steps, miners.WithStudent()), judge=None), FLOW, RATES)
        return {e.step: e.seconds for e in found}

    pieces = generators.LeadSentences(queries=100)
    few = filters.SampleDocuments(at_most=300)
    search = 100 * 3_000 * 2e-8
    assert taken(pieces)["WithStudent"] == pytest.approx(3_000 * 130 / 5_000 + search)
    assert taken(few, pieces)["WithStudent"] == pytest.approx(300 * 130 / 5_000 + search / 10)
    written = generators.DocToQuery(writer=FakeWriter(), at_least=50)
    mixed = generators.Mixed((pieces, written), queries=100)
    # At the student's rate, where the writer's was not measured.
    assert taken(mixed)["Mixed"] == pytest.approx(100 / 400 + 50 / 5_000)


def test_a_model_that_learns_beside_the_student_costs_its_training_and_a_reading() -> None:
    fit = loops.Fit(loss=losses.KLDivergence(), steps=10, batch=4)
    lists = (generators.LeadSentences(queries=100), miners.BM25(), labellers.SourceIsRelevant())

    def taken(loop: Part) -> list[Expected]:
        told = foresee(Recipe("r", (*lists, loop), judge=None), FLOW, RATES)
        return [e for e in told if e.step.endswith("Fit")]

    (alone,) = taken(fit)
    student, ranker = taken(loops.DynamicListwiseDistillation(loop=fit, ranker=fit))
    assert (student, ranker.step) == (alone, "beside: Fit")
    assert ranker.seconds == pytest.approx(4 / 3 * alone.seconds)
    _, frozen = taken(loops.DynamicListwiseDistillation(loop=fit))
    assert frozen.seconds == pytest.approx(alone.seconds / 3)
    turns = taken(loops.AlternatingCache(loop=fit, turns=3))
    assert [e.seconds for e in turns] == [alone.seconds] * 3
    assert len(taken(loops.FalseNegativeAdapter(loop=fit))) == 1
