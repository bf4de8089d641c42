"""CodeTransforms: code in other words. [041]"""

import ast

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._programs import parsed
from acclimate.parts.generators import CodeTransforms
from acclimate.parts.generators._code import DEAD, bindings, renamed, with_dead_code
from acclimate.parts.part import Context
from acclimate.tables import Corpus

CODE = '''
import math
from os import path as p

LIMIT = 3

def area(radius, *, scale=1):
    """Of a circle."""
    total = 0
    for step in range(LIMIT):
        total += math.pi * radius ** 2 * scale
    try:
        result = total / LIMIT
    except ZeroDivisionError as error:
        raise ValueError(f"no {radius} in {p.sep}") from error
    return result

class Shape:
    sides = 4
    def grow(self, by):
        self.size = area(by, scale=2)
        return [corner + by for corner in range(self.sides)]
'''
CORPUS = Corpus.of([{"doc_id": "shape.py", "title": "", "text": CODE}])


def canonical(text):
    """The syntax tree with all names of its own numbered in order of coming."""
    tree = ast.parse(text)
    names = {name: f"name{n}" for n, name in enumerate(bindings(tree))}
    return ast.dump(renamed(tree, names))


def asked(corpus=CORPUS, **settings):
    settings = {"shortest": 1, "rename_rate": 1, "dead_code": False, **settings}
    return CodeTransforms(**settings)(corpus, Context())["text"]


def test_names_that_others_may_know_are_not_its_own() -> None:
    own = {"LIMIT", "area", "radius", "total", "step", "result", "error", "Shape", "by", "corner"}
    assert set(bindings(ast.parse(CODE))) == own


def test_renamed_code_is_the_same_after_canonical_renaming() -> None:
    """[041]: renamed code still parses and has the same AST after canonical renaming."""
    (query,) = asked()
    code = CODE.replace('    """Of a circle."""\n', "")
    assert "radius" not in query
    assert "math.pi" in query
    assert "scale=2" in query
    assert canonical(query) == canonical(code)
    assert canonical(query) != canonical(code.replace("** 2", "** 3"))


def test_docstrings_are_no_part_of_a_query() -> None:
    text = "'Of the module.'\nx = 1\n\nclass A:\n    'Of the class.'"
    corpus = Corpus.of([{"doc_id": "a", "title": "", "text": text}])
    assert asked(corpus, rename_rate=0) == ["x = 1\n\nclass A:\n    pass"]


def test_a_share_of_the_names_becomes_another_one() -> None:
    """[041]: ratio 0.85 of ten names, in 200 documents."""
    many = Corpus.of({"doc_id": str(n), "title": "", "text": CODE} for n in range(200))
    queries = asked(many, rename_rate=0.85)
    trees = [bindings(ast.parse(query)) for query in queries]
    share = sum(name[0] == "v" for names in trees for name in names) / sum(map(len, trees))
    assert 0.82 < share < 0.88  # standard error 0.008


@pytest.mark.parametrize("statement", DEAD, ids=[f"kind {n}" for n in range(len(DEAD))])
def test_a_dead_statement_changes_no_result(statement: str) -> None:
    text = "def twice(n):\n    'Doc.'\n    m = n\n    return m + n"
    for place in (0.2, 0.8):
        tree = with_dead_code(ast.parse(text), statement, place, "v9")
        scope: dict = {}
        exec(ast.unparse(tree), scope)  # noqa: S102 (the code of this test)
        assert scope["twice"](21) == 42
        assert scope["twice"].__doc__ == "Doc."
        assert ast.unparse(tree) != ast.unparse(ast.parse(text))


def test_code_without_a_function_ends_with_the_dead_statement() -> None:
    tree = with_dead_code(ast.parse("from __future__ import annotations\nx = 1"), DEAD[0], 0.5, "y")
    assert ast.unparse(tree).splitlines()[-1] == "y = 0"


def test_the_end_is_cut_off() -> None:
    """An incomplete snippet must find its complete twin."""
    whole = len(asked()[0].splitlines())
    lengths = {len(q.splitlines()) for q in asked(shortest=0.5, per_document=60, rename_rate=0.5)}
    assert min(lengths) >= whole // 2
    assert max(lengths) <= whole
    assert len(lengths) > 3


def test_dead_code_comes_by_default() -> None:
    before = len(list(ast.walk(ast.parse(asked()[0]))))
    assert len(list(ast.walk(ast.parse(asked(dead_code=True)[0])))) > before


@pytest.mark.parametrize(
    "text",
    ["This is prose, no code.", "x = (1", "", "# only a comment", "a = '\\d'\0"],
    ids=["prose", "broken", "empty", "comment", "null"],
)
def test_what_is_no_python_gives_none(text: str) -> None:
    assert parsed(text) is None
    corpus = Corpus.of([{"doc_id": "a", "title": "", "text": text}])
    assert asked(corpus, at_least_lines=1) == []


def test_warnings_of_the_code_that_is_read_are_not_ours() -> None:
    assert parsed("a = '\\d' is 1") is not None


def test_shares_that_are_none_are_refused() -> None:
    with pytest.raises(RecipeError, match="rename_rate"):
        CodeTransforms(shortest=0)
