"""Marks: which row of the catalogue which part or recipe claims, and which tests show it.

A part or recipe claims rows in its docstring: ``Rows: [080], [003].`` A test shows a row by naming
it in its docstring, or in the docstring of its file, or in a comment: ``[080]``. States follow
from these marks alone:

* works: claimed, its value reproduced by a test of a part, and shown from a recipe by a test
  in one of the folders END_TO_END;
* partial: claimed, and shown by some test;
* planned: everything else.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

END_TO_END = ("recipes", "pipeline", "integration", "e2e", "examples")
"""Folders of tests/ whose tests run recipes."""

MARK = re.compile(r"\[(\d{3}|P\d)\]")
CLAIM = re.compile(r"Rows:\s*((?:\[\w+\][\s,;and]*)+)")


class MarkError(Exception):
    """A mark that names no row, or a row that nothing claims."""


@dataclass(frozen=True)
class Row:
    """One method of the catalogue.

    Args:
        number: 001 to 119, P1, P2.
        system: its name.
        arxiv: its paper's number there; "" where there is none.
        claims: parts and recipes that implement it, as `folder.Name`.
        tests: tests that show it, as `path::name` or `path`.
    """

    number: str
    system: str
    arxiv: str
    claims: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Works, partial or planned."""
        whole = [test for test in self.tests if test.split("/")[1] in END_TO_END]
        if self.claims and whole and len(whole) < len(self.tests):
            return "works"
        return "partial" if self.claims and self.tests else "planned"


def rows(root: Path) -> list[Row]:
    """All rows of docs/methods.tsv with what claims and shows them.

    Raises:
        MarkError: when a mark names a row that is not there, or when a test shows a row that
            nothing claims.
    """
    claimed, shown = claims(root), tests(root)
    with (root / "docs" / "methods.tsv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file, delimiter="\t"))
    known = {fact["row"] for fact in facts}
    for number in sorted(claimed.keys() - known):
        raise MarkError(f"{claimed[number][0]} claims [{number}], which docs/methods.tsv lacks.")
    for number in sorted(shown.keys() - claimed.keys()):
        raise MarkError(
            f"{shown[number][0]} names [{number}], but no part or recipe claims it. Add "
            f"'Rows: [{number}].' to the docstring of what it tests, or drop the mark."
        )
    return [
        Row(
            number=fact["row"],
            system=fact["system"],
            arxiv=fact["arxiv"] or "",
            claims=tuple(claimed.get(fact["row"], ())),
            tests=tuple(shown.get(fact["row"], ())),
        )
        for fact in facts
    ]


def claims(root: Path) -> dict[str, list[str]]:
    """Row number to the parts and recipes that claim it."""
    found: dict[str, list[str]] = {}
    source = root / "src" / "acclimate"
    for path in sorted(source.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                claim = CLAIM.search(ast.get_docstring(node) or "")
                for number in re.findall(r"\[(\w+)\]", claim.group(1)) if claim else ():
                    found.setdefault(number, []).append(f"{path.parent.name}.{node.name}")
    return found


def tests(root: Path) -> dict[str, list[str]]:
    """Row number to the tests that name it."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        if not MARK.search(text):
            continue
        name = path.relative_to(root).as_posix()
        for number, test in _named(text):
            where = f"{name}::{test}" if test else name
            if where not in found.setdefault(number, []):
                found[number].append(where)
    return found


def _named(text: str) -> Iterator[tuple[str, str]]:
    """(row number, test function or "") of each mark in a docstring or comment."""
    tree = ast.parse(text)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for node in [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)), *functions]:
        name = node.name if isinstance(node, ast.FunctionDef) else ""
        for number in MARK.findall(ast.get_docstring(node) or ""):
            yield number, name
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            for number in MARK.findall(token.string):
                yield number, _around(functions, token.start[0])


def _around(functions: list[ast.FunctionDef], line: int) -> str:
    names = [f.name for f in functions if f.lineno <= line <= (f.end_lineno or 0)]
    return names[-1] if names and names[-1].startswith("test_") else ""
