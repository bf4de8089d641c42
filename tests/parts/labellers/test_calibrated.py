"""Calibrated: values on the scale on which sources are likeliest."""

from math import log

import numpy as np
import pytest

from acclimate.parts.labellers import Calibrated
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries
from acclimate.testing import behaviour


def queries(count: int, source: str | None = "s") -> Queries:
    return Queries.of(
        {"query_id": f"q{n}", "text": "?", "source_doc_id": source, "split": "train"}
        for n in range(count)
    )


def labels(gaps: list[float], teacher: str = "t") -> Labels:
    """Each query has its source, at 10, and one other, so much lower."""
    return Labels.of(
        {"query_id": f"q{n}", "doc_id": d, "value": v, "teacher": teacher}
        for n, gap in enumerate(gaps)
        for d, v in (("s", 10.0), ("d", 10.0 - gap))
    )


def test_after_division_a_gap_means_the_odds_that_there_were() -> None:
    """Of four sources three lead by 2 and one is behind by 2: odds of 3, so 2 / T = ln 3."""
    ctx = Context()
    made = Calibrated()(queries(4), labels([2.0, 2.0, 2.0, -2.0]), ctx).array("value")
    assert ctx.notes["temperature"] == pytest.approx(2 / log(3), rel=1e-5)
    assert made[0] - made[1] == pytest.approx(log(3), rel=1e-5)


@pytest.mark.parametrize("factor", [0.01, 100.0])
def test_the_teachers_own_units_do_not_matter(factor: float) -> None:
    gaps = np.array([2.0, 1.0, 3.0, -2.0])
    plain = Calibrated()(queries(4), labels(gaps.tolist()), Context()).array("value")
    scaled = Calibrated()(queries(4), labels((gaps * factor).tolist()), Context()).array("value")
    assert np.diff(plain)[::2] == pytest.approx(np.diff(scaled)[::2], rel=1e-3)


def test_sources_that_always_lead_have_a_finite_temperature() -> None:
    ctx = Context()
    made = Calibrated()(queries(2), labels([1.0, 2.0]), ctx).array("value")
    assert np.isfinite(made).all()
    assert ctx.notes["temperature"] > 0


def test_chances_are_shares_of_sources_made_to_rise() -> None:
    """Sources among candidates valued 8, 9, 10, 12: 0 of 1, 2 of 3, 2 of 3, 0 of 1."""
    given = Labels.of(
        {"query_id": f"q{n}", "doc_id": d, "value": v, "teacher": "t"}
        for n, (s, other) in enumerate(((10.0, 8.0), (10.0, 9.0), (9.0, 10.0), (9.0, 12.0)))
        for d, v in (("s", s), ("d", other))
    )
    # A chance may not fall: 0 at 8, and 4 of 7 at all the others.
    made = Calibrated(method="isotonic")(queries(4), given, Context())["value"]
    assert made == pytest.approx([4 / 7, 0, 4 / 7, 4 / 7, 4 / 7, 4 / 7, 4 / 7, 4 / 7])


def test_queries_without_a_source_take_the_scale_of_the_others() -> None:
    both = Queries.joined([queries(4), queries(5, source=None).take([4])])
    given = Labels.joined(
        [
            labels([2.0, 2.0, 2.0, -2.0]),
            Labels.of([{"query_id": "q4", "doc_id": "d", "value": 10.0, "teacher": "t"}]),
        ]
    )
    made = Calibrated()(both, given, Context()).array("value")
    assert made[-1] == pytest.approx(10.0 * log(3) / 2, rel=1e-5)


@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_without_a_rated_source_values_stay(method) -> None:
    given = labels([2.0, 1.0])
    made = Calibrated(method=method)(queries(2, source=None), given, Context())
    assert made["value"] == given["value"]


def test_each_teacher_has_a_scale_of_its_own() -> None:
    one, two = labels([2.0, 2.0, 2.0, -2.0]), labels([6.0, 6.0, 6.0, -6.0], teacher="u")
    made = Calibrated()(queries(4), Labels.joined([one, two]), Context()).array("value")
    gaps = made[::2] - made[1::2]
    assert gaps[:4] == pytest.approx(gaps[4:], rel=1e-5)


@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_it_obeys_the_laws_of_labellers(method) -> None:
    behaviour.check_all(Calibrated(method=method), folder="labellers")
