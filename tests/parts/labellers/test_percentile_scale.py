"""PercentileScale: values between two percentiles. [085]"""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.labellers import PercentileScale
from acclimate.parts.part import Context
from acclimate.tables import Labels
from acclimate.testing import behaviour


def labels(values: list[float], teacher: str = "t") -> Labels:
    return Labels.of(
        {"query_id": "q", "doc_id": f"d{n}", "value": v, "teacher": teacher}
        for n, v in enumerate(values)
    )


def test_the_1st_and_the_99th_percentile_become_0_and_1() -> None:
    """[085]: of 0, 1, …, 100 the percentiles are 1 and 99, so 50 becomes 49 / 98 and 0 is cut."""
    ctx = Context()
    made = PercentileScale()(labels([float(n) for n in range(101)]), ctx)["value"]
    assert ctx.notes["percentiles of t"] == {"low": 1.0, "high": 99.0}
    assert [made[n] for n in (0, 1, 50, 99, 100)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert made[25] == pytest.approx(24 / 98)


def test_one_outlier_presses_nothing_together() -> None:
    values = [*np.linspace(0, 1, 200).tolist(), 1e6]
    made = PercentileScale()(labels(values), Context())["value"]
    assert made[100] == pytest.approx(0.5, abs=0.01)
    assert made[-1] == 1


def test_each_teacher_has_percentiles_of_its_own() -> None:
    both = Labels.joined([labels([0.0, 10.0]), labels([-3.0, -1.0], teacher="u")])
    assert PercentileScale(low=0, high=100)(both, Context())["value"] == [0, 1, 0, 1]


def test_a_teacher_that_says_the_same_of_all_says_nought() -> None:
    assert PercentileScale()(labels([3.0, 3.0]), Context())["value"] == [0, 0]


@pytest.mark.parametrize(("low", "high"), [(99.0, 1.0), (-1.0, 50.0), (50.0, 101.0)])
def test_percentiles_without_anything_between_are_refused(low: float, high: float) -> None:
    with pytest.raises(RecipeError, match="low < high"):
        PercentileScale(low=low, high=high)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(PercentileScale(), folder="labellers")
