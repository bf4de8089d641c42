"""Generated documents: reference and tables of results."""

import json
from pathlib import Path

import figures
import pytest
from reference import page


def test_the_reference_lists_names_first_sentences_and_settings(tmp_path: Path) -> None:
    folder = tmp_path / "src" / "acclimate" / "parts" / "filters"
    folder.mkdir(parents=True)
    (folder / "near_by.py").write_text(
        'class NearBy:\n    """Keep what\n    is near.\n\n    More.\n    """\n\n'
        "    depth: int = 3\n    flag: ClassVar[bool] = True\n    words: tuple[str, ...]\n"
    )
    assert "| `filters.NearBy` | Keep what is near. | `depth=3`, `words` |" in page(tmp_path)


def test_results_stand_between_the_markers_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "TITLES", {"toy": "A toy", "other": "Another"})
    monkeypatch.setattr(figures, "FIRST", ("toy",))
    tables = {"toy": lambda result: f"x is {result['x']}", "other": lambda result: "nothing"}
    monkeypatch.setattr(figures, "TABLES", tables)
    (tmp_path / "t.json").write_text(json.dumps({"benchmark": "toy", "date": "today", "x": 0.25}))
    other = {"benchmark": "other", "date": "now", "settings": {"recipe": "gpl"}}
    (tmp_path / "o.json").write_text(json.dumps(other))
    text = figures.into(f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter", tmp_path)
    assert text == (
        f"before\n{figures.BEGIN}\n### A toy\n\nx is 0.25\n\n"
        f"From `benchmarks/results/t.json`, today.\n{figures.END}\nafter"
    )
    assert "## Another (`gpl`)\n\nnothing" in figures.page(tmp_path)


def test_every_kind_of_result_has_its_heading() -> None:
    assert set(figures.TITLES) == set(figures.TABLES)


def test_every_committed_result_is_shown() -> None:
    results = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
    page = figures.page(results)
    for path in results.glob("*.json"):
        assert f"`benchmarks/results/{path.name}`" in page


def test_a_figure_stands_below_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "TITLES", {"toy": "A toy"})
    monkeypatch.setattr(figures, "TABLES", {"toy": lambda result: "a table"})
    (tmp_path / "t.json").write_text(json.dumps({"benchmark": "toy", "date": "today"}))
    assert "![" not in figures.page(tmp_path)
    (tmp_path / "t.svg").write_text("<svg/>")
    wanted = "a table\n\n![A toy](../benchmarks/results/t.svg)\n\nFrom"
    assert wanted in figures.page(tmp_path)


def test_without_results_the_readme_says_so(tmp_path: Path) -> None:
    assert figures.NONE in figures.into(f"{figures.BEGIN}\n{figures.END}", tmp_path)


def test_a_readme_without_markers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="results: begin"):
        figures.into("nothing here", tmp_path)
