"""Charts: SVG that follows the page, the same for the same data."""

from __future__ import annotations

import re

from acclimate.pipeline import charts


def bars() -> str:
    return charts.bars({"edges": [-1.0, 0.0, 1.0], "counts": [2, 3]}, "margin", split_at=0.0)


def test_a_chart_is_one_svg_element_without_addresses() -> None:
    svg = bars()
    assert svg.startswith("<svg viewBox=")
    assert svg.rstrip().endswith("</svg>")
    assert "http" not in svg
    assert "DOCTYPE" not in svg


def test_the_same_data_give_the_same_chart() -> None:
    assert bars() == bars()


def test_colours_and_font_are_the_pages() -> None:
    svg = bars()
    assert "var(--ink)" in svg
    assert "var(--bad)" in svg
    assert "DejaVu" not in svg
    assert not re.findall("|".join(charts.COLOURS), svg)


def test_ids_of_two_charts_do_not_meet() -> None:
    other = charts.losses([{"step": "Fit", "updates": [1, 2], "loss": [1.0, 0.5]}])
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in (bars(), other)]
    assert not ids[0] & ids[1]
    for svg, own in zip((bars(), other), ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= own


def test_names_in_a_chart_are_escaped() -> None:
    cell = {"mean": 0.5, "low": 0.4, "high": 0.6}
    svg = charts.intervals([{"system": "<b>", "measures": {"m": cell}}], "m")
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg
