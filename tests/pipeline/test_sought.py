"""Sought: costs look through miners that choose among what others find."""

from acclimate.models.student import Student
from acclimate.parts import labellers, miners
from acclimate.pipeline.costs import Flow, Rates, foresee, sizes
from acclimate.pipeline.sought import brings, searches
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus, Queries

BOTH = miners.Union((miners.BM25(depth=40), miners.WithStudent(depth=60)))
FLOW = Flow(documents=1_000, tokens=100.0, queries=50)


def recipe(*parts: object) -> Recipe:
    return Recipe("r", parts, brings=(Corpus, Queries, Student))  # type: ignore[arg-type]


def test_the_miners_that_search_are_found_however_deep() -> None:
    part = miners.BalancedMargin(miner=miners.RankWindow(miner=BOTH))
    assert list(searches(part)) == list(BOTH.members)
    assert list(searches(miners.BM25())) == [miners.BM25()]


def test_what_chooses_says_how_many_come() -> None:
    assert brings(BOTH) == 100
    assert brings(miners.PositiveAware(miner=BOTH, keep=10)) == 10
    assert brings(miners.RankWindow(miner=BOTH, width=None)) == 100
    assert brings(miners.Lookahead(miner=miners.WithStudent(depth=30))) == 30


def test_a_chosen_search_costs_what_the_search_does() -> None:
    rates = Rates(encode=1_000.0, train=1.0)
    plain, chosen = (
        sum(told.seconds for told in foresee(recipe(part), FLOW, rates))
        for part in (BOTH, miners.PositiveAware(miner=BOTH))
    )
    assert plain == chosen
    assert plain > 1_000 * 100 / 1_000  # documents · tokens / rate


def test_candidates_that_stay_count_with_new_ones() -> None:
    again = miners.Momentum(miner=miners.WithStudent(depth=30))
    told = list(sizes(recipe(BOTH, again, labellers.SourceIsRelevant()), FLOW))
    assert [flow.candidates for _, flow in told] == [101, 132, 132]
