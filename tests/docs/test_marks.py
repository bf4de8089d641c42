"""The state of a method follows from marks in docstrings and tests alone."""

from pathlib import Path

import pytest
from marks import MarkError, rows

ROOT = Path(__file__).resolve().parents[2]


def tree(root: Path, files: dict[str, str]) -> Path:
    (root / "docs").mkdir()
    (root / "docs" / "methods.tsv").write_text(
        "row\tsystem\tarxiv\n001\tFirst\t1234.5\nP1\tGuide\t\n"
    )
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


CLASS = 'class APart:\n    """Does it.\n\n    Rows: [001].\n    """\n'
PART = {"src/acclimate/parts/filters/a_part.py": CLASS}
VALUE = {"tests/parts/test_a_part.py": 'def test_value():\n    """[001] by hand."""\n'}
WHOLE = {"tests/recipes/test_whole.py": "def test_whole():\n    x = [100]  # [001] end to end\n"}


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({}, "planned"),
        (PART, "planned"),
        (PART | VALUE, "partial"),
        (PART | WHOLE, "partial"),
        (PART | VALUE | WHOLE, "works"),
    ],
)
def test_a_row_works_when_claimed_and_shown_by_value_and_from_a_recipe(
    files: dict[str, str], state: str, tmp_path: Path
) -> None:
    first, guide = rows(tree(tmp_path, files))
    assert first.state == state
    assert guide.state == "planned"


def test_a_row_names_what_claims_and_what_shows_it(tmp_path: Path) -> None:
    first, _ = rows(tree(tmp_path, PART | VALUE | WHOLE))
    assert first.claims == ("filters.APart",)
    assert first.tests == (
        "tests/parts/test_a_part.py::test_value",
        "tests/recipes/test_whole.py::test_whole",
    )


def test_a_list_in_code_is_no_mark(tmp_path: Path) -> None:
    first, _ = rows(
        tree(tmp_path, PART | {"tests/test_x.py": "def test_x():\n    assert x[100]\n"})
    )
    assert first.tests == ()


def test_a_mark_in_the_docstring_of_a_file_stands_for_the_file(tmp_path: Path) -> None:
    first, _ = rows(tree(tmp_path, PART | {"tests/test_x.py": '"""Shows [001]."""\n'}))
    assert first.tests == ("tests/test_x.py",)


def test_several_rows_may_be_claimed_at_once(tmp_path: Path) -> None:
    recipe = {
        "src/acclimate/recipes/r.py": 'def r():\n    """Runs.\n\n    Rows: [001], [P1].\n    """\n'
    }
    assert [row.claims for row in rows(tree(tmp_path, recipe))] == [("recipes.r",), ("recipes.r",)]


def test_a_claim_of_an_unknown_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MarkError, match=r"filters\.APart claims \[007\]"):
        rows(tree(tmp_path, {k: v.replace("001", "007") for k, v in PART.items()}))


def test_a_test_of_a_row_that_nothing_claims_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MarkError, match=r"no part or recipe claims it.*Rows: \[001\]"):
        rows(tree(tmp_path, VALUE))


def test_the_catalogue_has_121_rows() -> None:
    numbers = [row.number for row in rows(ROOT)]
    assert numbers == ["P1", "P2", *(f"{n:03}" for n in range(1, 120))]
