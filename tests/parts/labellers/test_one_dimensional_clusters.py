"""OneDimensionalClusters: the highest group of values is relevant. [008]"""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.labellers import OneDimensionalClusters
from acclimate.parts.labellers.one_dimensional_clusters import clustered
from acclimate.parts.part import Context
from acclimate.tables import Labels
from acclimate.testing import behaviour


def made(values: list[float], ctx: Context | None = None, **settings: int) -> dict[str, float]:
    given_ = Labels.of(
        {"query_id": "q", "doc_id": f"d{n}", "value": v, "teacher": "t"}
        for n, v in enumerate(values)
    )
    found = OneDimensionalClusters(**settings)(given_, ctx or Context())
    return dict(zip(found["doc_id"], found["value"], strict=True))


def test_the_top_cluster_is_relevant_the_bottom_is_not_and_the_middle_is_dropped() -> None:
    """[008]: utilities 3, 0, −1 and 0.5 with others near 0 and near −1."""
    assert made([3.0, 0.0, -1.0, 0.5, -1.1, -0.9]) == {"d0": 1, "d2": 0, "d4": 0, "d5": 0}


def test_a_query_with_as_many_relevant_documents_as_others_is_left_out() -> None:
    """[008]: discarded when positives ≥ negatives."""
    ctx = Context()
    assert made([9.0, 9.1, 5.0, 0.0, 0.1], ctx) == {}
    assert ctx.notes["lists"] == {"converted": 0, "left out": 1}
    assert made([9.0, 9.1, 5.0, 0.0, 0.1, 0.2]) == {"d0": 1, "d1": 1, "d3": 0, "d4": 0, "d5": 0}


def test_equal_values_are_never_divided() -> None:
    assert made([2.0, 1.0, 0.0, 0.0, 0.0, 0.0]) == {"d0": 1, **{f"d{n}": 0 for n in range(2, 6)}}


def test_a_list_with_fewer_distinct_values_than_clusters_is_left_out() -> None:
    assert made([1.0, 1.0, 0.0, 0.0, 0.0]) == {}
    assert made([1.0, 0.0, 0.0], clusters=2) == {"d0": 1, "d1": 0, "d2": 0}


@given(
    st.lists(st.integers(-20, 20), min_size=3, max_size=7, unique=True),
    st.lists(st.integers(1, 3), min_size=7, max_size=7),
)
def test_no_other_clusters_have_smaller_squares(values: list[int], counts: list[int]) -> None:
    points, weights = np.sort(np.array(values, dtype=float)), np.array(counts[: len(values)])

    def squares(borders: tuple[int, ...]) -> float:
        parts = zip((0, *borders), (*borders, len(points)), strict=True)
        total = 0.0
        for start, end in parts:
            mean = np.average(points[start:end], weights=weights[start:end])
            total += float((weights[start:end] * (points[start:end] - mean) ** 2).sum())
        return total

    cluster = clustered(points, weights, 3)
    best = min(squares(b) for b in itertools.combinations(range(1, len(points)), 2))
    found = tuple(np.flatnonzero(np.diff(cluster)) + 1)
    assert squares(found) == pytest.approx(best, abs=1e-9)
    assert sorted(set(cluster)) == [0, 1, 2]


def test_one_cluster_is_refused() -> None:
    with pytest.raises(RecipeError, match="2 or more"):
        OneDimensionalClusters(clusters=1)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(OneDimensionalClusters(), folder="labellers")
