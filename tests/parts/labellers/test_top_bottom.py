"""TopBottom: the best and the worst of a list. [045] [048] [081]"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.labellers import TopBottom
from acclimate.parts.part import Context
from acclimate.tables import Labels
from acclimate.testing import behaviour


def labels(values: list[float], query: str = "q", teacher: str = "t") -> Labels:
    return Labels.of(
        {"query_id": query, "doc_id": f"d{n}", "value": v, "teacher": teacher}
        for n, v in enumerate(values)
    )


def made(given_: Labels, **settings: int) -> dict[str, float]:
    found = TopBottom(**settings)(given_, Context())
    return dict(zip(found["doc_id"], found["value"], strict=True))


def test_of_twelve_candidates_five_and_five_leave_two_unused() -> None:
    """[048]: k = 5 on both ends."""
    values = [3.0, 9, 1, 7, 11, 5, 0, 8, 2, 10, 4, 6]
    told = made(labels(values))
    assert {d for d, v in told.items() if v == 1} == {"d4", "d9", "d1", "d7", "d3"}
    assert {d for d, v in told.items() if v == 0} == {"d6", "d2", "d8", "d0", "d10"}
    assert {f"d{n}" for n in range(12)} - set(told) == {"d5", "d11"}  # the 5 and the 6


def test_three_and_sixteen_of_thirty_two() -> None:
    """[081]: top 3 positive, bottom 16 negative."""
    told = made(labels([float(n) for n in range(32)]), top=3, bottom=16)
    assert {d for d, v in told.items() if v == 1} == {"d29", "d30", "d31"}
    assert {d for d, v in told.items() if v == 0} == {f"d{n}" for n in range(16)}


def test_a_constant_added_to_all_values_changes_nothing() -> None:
    """[045]: the order of log-probabilities is all that counts."""
    values = [-4.0, -1, -3, -2]
    settings = {"top": 1, "bottom": 1}
    assert made(labels(values), **settings) == made(labels([v - 7 for v in values]), **settings)
    assert made(labels(values), **settings) == {"d0": 0.0, "d1": 1.0}


@given(
    st.lists(st.integers(-3, 3), max_size=9),
    st.integers(1, 4),
    st.integers(0, 4),
)
def test_the_two_never_overlap_and_the_top_comes_first(
    values: list[int], top: int, bottom: int
) -> None:
    told = list(made(labels([float(v) for v in values]), top=top, bottom=bottom).values())
    assert told.count(1.0) == min(top, len(values))
    assert told.count(0.0) == min(bottom, len(values) - told.count(1.0))


def test_each_query_and_each_teacher_has_a_list_of_its_own() -> None:
    lists = [labels([1, 2]), labels([4, 3], query="r"), labels([6, 5], teacher="u")]
    found = TopBottom(top=1, bottom=1)(Labels.joined(lists), Context())
    assert found["value"] == [0, 1, 1, 0, 1, 0]
    assert found["teacher"] == ["t"] * 4 + ["u"] * 2


@pytest.mark.parametrize("settings", [{"top": 0}, {"bottom": -1}])
def test_lists_without_a_relevant_document_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(RecipeError, match="top must be at least 1"):
        TopBottom(**settings)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(TopBottom(), folder="labellers")
