"""BestInTop: positives chosen by rank among what is accepted. [109]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.labellers import BestInTop
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels
from acclimate.testing import behaviour


def made(accepted: list[float], part: BestInTop, query: str = "q") -> dict[int, float]:
    """The label of each rank."""
    found = Candidates.of(
        {
            "query_id": query, "doc_id": f"d{r}", "rank": r, "score": 0.0,
            "is_source": False, "miner": "m",
        }
        for r in range(1, len(accepted) + 1)
    )  # fmt: skip
    told = Labels.of(
        {"query_id": query, "doc_id": f"d{r}", "value": v, "teacher": "t"}
        for r, v in enumerate(accepted, 1)
    )
    labels = part(found, told, Context())
    ranks = [int(d[1:]) for d in labels["doc_id"]]
    return dict(zip(ranks, labels["value"], strict=True))


RULES = BestInTop(rules=((1, 2), (1, 10)))


def test_the_first_rule_takes_what_it_finds_and_the_later_adds_nothing() -> None:
    """[109]: rules "1,2 1,10", labels 0,1,0,1 pick rank 2 only."""
    assert made([0, 1, 0, 1], RULES) == {1: 0, 2: 1, 3: 0}


def test_a_later_rule_helps_where_the_first_found_nothing() -> None:
    """[109]: labels 0,0,0,1 pick rank 4."""
    assert made([0, 0, 0, 1], RULES) == {4: 1}


def test_the_negatives_of_a_permissive_positive_all_rank_below_it() -> None:
    """[109]: 5 negatives, ranked after it."""
    told = made([0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0], RULES)
    assert told == {4: 1, 5: 0, 6: 0, 8: 0, 9: 0, 10: 0}


def test_each_rule_counts_what_is_taken_in_all() -> None:
    """Two of the first three are taken; the second rule goes on to three, the third has enough."""
    part = BestInTop(rules=((2, 3), (3, 6), (1, 9)))
    assert made([1, 1, 1, 0, 1, 1], part) == {1: 1, 2: 1, 3: 1, 4: 0}


def test_a_query_of_which_nothing_is_taken_is_left_out() -> None:
    assert made([0, 0, 0], RULES) == {}
    assert made([], RULES) == {}


def test_a_document_without_a_label_is_neither() -> None:
    found = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for r, d in enumerate("abc", 1)
    )
    told = Labels.of(
        {"query_id": "q", "doc_id": d, "value": v, "teacher": "t"} for d, v in (("a", 1), ("c", 0))
    )
    labels = BestInTop()(found, told, Context())
    assert list(zip(labels["doc_id"], labels["value"], strict=True)) == [("a", 1), ("c", 0)]


def test_the_order_is_by_rank_and_not_by_row() -> None:
    found = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for d, r in (("late", 3), ("first", 1), ("second", 2))
    )
    told = Labels.of(
        {"query_id": "q", "doc_id": d, "value": 1.0, "teacher": "t"}
        for d in ("late", "first", "second")
    )
    labels = BestInTop(rules=((2, 10),))(found, told, Context())
    assert labels["doc_id"] == ["first", "second"]


@pytest.mark.parametrize("rules", [(), ((0, 5),), ((1, 0),)])
def test_rules_that_take_nothing_are_refused(rules: tuple) -> None:
    with pytest.raises(RecipeError, match="takes nothing"):
        BestInTop(rules=rules)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(BestInTop(), folder="labellers")
