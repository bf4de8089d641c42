"""ScorePercentile: the poorest quarter of the queries trains nothing. [085] [004]"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.filters import ScorePercentile
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


def queries(count: int) -> Queries:
    return Queries.of({"query_id": f"q{n}", "text": "?", "split": "train"} for n in range(count))


def labels(best: list[float]) -> Labels:
    """Each query has its best document and one far below."""
    return Labels.of(
        {"query_id": f"q{n}", "doc_id": d, "value": v, "teacher": "t"}
        for n, value in enumerate(best)
        for d, v in (("good", value), ("poor", value - 100))
    )


def kept(best: list[float], count: int | None = None, **settings: float) -> list[str]:
    found = ScorePercentile(**settings)(queries(count or len(best)), labels(best), Context())
    return list(dict.fromkeys(found["query_id"]))


def test_queries_below_the_25th_percentile_of_best_values_lose_all_labels() -> None:
    """[085]: of best values 5, 1, 3, 2, 4, 8, 7, 6 a quarter, 1 and 2, goes."""
    assert kept([5, 1, 3, 2, 4, 8, 7, 6]) == ["q0", "q2", "q4", "q5", "q6", "q7"]


def test_of_gains_the_best_share_is_trained_on() -> None:
    """[004]: the half of the requests that a document helps most."""
    assert kept([0.1, 2.0, -0.3, 0.9], percentile=50) == ["q1", "q3"]


def test_of_equal_ones_at_the_percentile_all_stay() -> None:
    assert kept([1, 1, 1, 2]) == ["q0", "q1", "q2", "q3"]


def test_queries_without_labels_count_as_the_poorest() -> None:
    """Two of eight have none, which is a quarter already."""
    assert len(kept([5, 1, 3, 2, 4, 8], count=8)) == 6


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(0, 99))
def test_filtering_twice_changes_nothing(best: list[int], percentile: int) -> None:
    part, asked = ScorePercentile(percentile=percentile), queries(len(best))
    once = part(asked, labels([float(b) for b in best]), Context())
    assert part(asked, once, Context()).digest == once.digest
    assert len(once) > 0


def test_the_note_counts_queries() -> None:
    ctx = Context()
    ScorePercentile(percentile=50)(queries(4), labels([1, 2, 3, 4]), ctx)
    assert ctx.notes["dropped"] == {"queries that found nothing good": 2}


@pytest.mark.parametrize("percentile", [-1.0, 100.0])
def test_a_percentile_that_keeps_nothing_or_is_none_is_refused(percentile: float) -> None:
    with pytest.raises(RecipeError, match="less than 100"):
        ScorePercentile(percentile=percentile)
