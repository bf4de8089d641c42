"""money: what endpoints would be asked, from the sizes of a recipe's tables."""

from dataclasses import replace
from pathlib import Path

import pytest

from acclimate.models.student import Student
from acclimate.parts import drafters, filters, generators, labellers, miners
from acclimate.parts.generators._documents import drawn
from acclimate.parts.part import Context
from acclimate.pipeline.costs import Flow, sizes
from acclimate.pipeline.money import _few, _inputs, _records, _small, foresee_money
from acclimate.pipeline.settings import Settings
from acclimate.recipes.inpars import inpars
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeWriter

FLOW = Flow(documents=1_000, tokens=100.0)


def test_sizes_follow_documents_kinds_and_what_is_kept() -> None:
    few = generators.FewShot(writer=FakeWriter(), documents=300, per_document=2)
    kinds = generators.QueryKinds(writer=FakeWriter(), kinds=("title", "claim"))
    for generator, queries in ((few, 600), (kinds, 2_000), (replace(kinds, shares=(1, 1)), 1_000)):
        recipe = Recipe("r", (generator, filters.LogProbTopK(keep=700)))
        assert [flow.queries for _, flow in sizes(recipe, FLOW)] == [queries, min(queries, 700)]
    asked = generators.SummarizeThenAsk(writer=FakeWriter(), languages=("a", "b"), documents=300)
    tasks = generators.SharedContext(writer=FakeWriter(), documents=300)
    assert [flow.queries for _, flow in sizes(Recipe("r", (tasks,)), FLOW)] == [1_200]
    more = generators.HardNegativeQueries(writer=FakeWriter(), variants=3)
    recipe = Recipe("r", (asked, more))
    assert [flow.queries for _, flow in sizes(recipe, FLOW)] == [600, 2_400]


@pytest.mark.parametrize(
    ("part", "records"),
    [
        (labellers.Graded(writer=FakeWriter()), 10 * 30),
        (labellers.Graded(writer=FakeWriter(), swapped=True), 10 * 30 * 2),
        (labellers.Evidence(writer=FakeWriter()), 10 * 30),
        (miners.GraphNeighbours(writer=FakeWriter(), questions=4), 10 * 4),
        (generators.Beside(generator=generators.Titles(queries=5)), 5),
        (labellers.Pairwise(writer=FakeWriter()), 10 * 5 * 4),
        (labellers.Pairwise(writer=FakeWriter(), depth=8, cycles=3), 10 * 2 * 3 * 8),
        (labellers.Utility(writer=FakeWriter()), 10 * 3),
        (labellers.Answerability(writer=FakeWriter()), 10 * 30 * 2),
        (generators.SummarizeThenAsk(writer=FakeWriter()), 10 * 2),
        (generators.SharedContext(writer=FakeWriter()), 10 * 2),
        (generators.SharedContext(writer=FakeWriter(), check=False), 10),
        (generators.HardNegativeQueries(writer=FakeWriter(), variants=3), 6),  # 2, and 3 for each
        (generators.Trajectories(writer=FakeWriter(), rollouts=2), 2 * (1 + 2 * 5)),
        (generators.Paraphrases(writer=FakeWriter(), share=0.5), 4),
        (labellers.Listwise(writer=FakeWriter()), 10 * 2),  # 30: windows 10–30 and 0–20
        (labellers.Budgeted(labeller=labellers.Graded(writer=FakeWriter()), queries=3), 3 * 30),
        (filters.JudgeFilter(writer=FakeWriter()), 10),
        (generators.FewShot(writer=FakeWriter()), 10),
    ],
)
def test_records_of_a_step(part, records: int) -> None:
    after = replace(FLOW, queries=8, held=2, candidates=30)
    assert _records(part, after) == records


def test_written_documents_are_counted_by_kind_level_or_pair() -> None:
    ask = generators.FewShot(writer=FakeWriter(), documents=300)
    for drafter, written in (
        (drafters.SyntheticPassages(writer=FakeWriter()), 900),
        (drafters.GradedDocuments(writer=FakeWriter()), 1_200),
        (drafters.TaskAndPair(writer=FakeWriter(), pairs=50), 50),
    ):
        recipe = Recipe("r", (ask, drafter, filters.SelfVerification(writer=FakeWriter())))
        told = [(part, flow) for part, flow in sizes(recipe, FLOW)][1:]
        assert [flow.drafts for _, flow in told] == [written] * 2
        assert [_records(part, flow) for part, flow in told] == [written] * 2


def test_a_pilot_asks_little_of_what_asks_as_often_as_it_is_told() -> None:
    invents = drafters.TaskAndPair(writer=FakeWriter(), pairs=1_000)
    assert _small(invents) == replace(invents, pairs=20)
    solves = generators.Trajectories(writer=FakeWriter())
    assert _small(solves) == replace(solves, rollouts=1)
    assert _small(labellers.Graded(writer=FakeWriter())) == labellers.Graded(writer=FakeWriter())


def test_the_pilot_has_20_documents_and_20_pairs() -> None:
    wide = Corpus.columns(
        doc_id=[str(n) for n in range(100)], title=[""] * 100, text=["bees dance"] * 100
    )
    ctx = Context()
    few = _few(None, wide, ctx)
    assert few["doc_id"] == [str(n) for n in range(0, 100, 5)]
    asked = generators.FewShot(writer=FakeWriter(), documents=40)
    of_run = drawn(asked, wide, 40, ctx)
    assert _few(asked, wide, ctx)["doc_id"] == of_run["doc_id"][::2]
    inputs = _inputs({Corpus: few})
    assert len(inputs[Candidates]) == 20
    assert set(inputs[Candidates]["query_id"]) <= set(inputs[Queries]["query_id"])


def test_a_recipe_that_asks_no_endpoint_costs_nothing(tmp_path: Path) -> None:
    recipe = inpars(writer=FakeWriter())
    student = Student(encoder=FakeEncoder())
    assert foresee_money(recipe, toys.CORPUS, student, FLOW, Settings(), tmp_path / "run") == []
    assert not (tmp_path / "run").exists()
