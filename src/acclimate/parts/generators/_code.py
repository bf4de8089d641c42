"""Python code that says the same in other words: other names, statements that do nothing."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeVar

NodeT = TypeVar("NodeT", bound=ast.AST)

DEAD = (
    "{name} = 0",
    "if False:\n    {name} = None",
    "while False:\n    {name} = 1",
    "for {name} in ():\n    pass",
    "if 0 > 1:\n    {name} = []",
    "try:\n    pass\nfinally:\n    pass",
    "{name} = '' if True else None",
)
"""Statements that change nothing but a name nobody reads."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SHOWN: Mapping[type[ast.AST], str] = {
    ast.Attribute: "attr",
    ast.keyword: "arg",
    ast.MatchAs: "name",
    ast.MatchStar: "name",
    ast.MatchMapping: "rest",
}
"""In which field a node has a name that must stay."""


def bindings(tree: ast.AST) -> list[str]:
    """Names that the code gives and alone uses, in order of coming.

    Names that others may know are left out: imported ones, attributes, members of classes, keywords
    of calls, global ones, those with two underscores, and `self` and `cls`.
    """
    bound: dict[str, None] = {}
    known = {"self", "cls"}
    for node in ast.walk(tree):
        if isinstance(node, _SCOPES):
            bound[node.name] = None
            known |= _members(node)
        elif isinstance(node, ast.ExceptHandler):
            bound |= {node.name: None} if node.name else {}
        elif isinstance(node, ast.arg):
            bound[node.arg] = None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound[node.id] = None
        else:
            known |= _known(node)
    return [name for name in bound if name not in known and not name.startswith("__")]


def _members(node: ast.AST) -> set[str]:
    """Names of the methods and fields of a class, which are known by attribute."""
    body = node.body if isinstance(node, ast.ClassDef) else []
    methods = {n.name for n in body if isinstance(n, _SCOPES)}
    targets = [t for n in body if isinstance(n, ast.Assign) for t in n.targets]
    targets += [n.target for n in body if isinstance(n, ast.AnnAssign)]
    return methods | {t.id for t in targets if isinstance(t, ast.Name)}


def renamed(tree: NodeT, names: Mapping[str, str]) -> NodeT:
    """The code with other names."""
    return _Renamed(names).visit(tree)  # type: ignore[no-any-return]


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The code without the strings that describe its functions and classes, and itself."""
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.Module, *_SCOPES))
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.fix_missing_locations(tree)


def with_dead_code(tree: ast.Module, statement: str, place: float, name: str) -> ast.Module:
    """The code with a statement that does nothing, in its longest function or at the end.

    Args:
        tree: changed in place.
        statement: one of DEAD.
        place: where in the body, as a share of its statements.
        name: of the variable that nobody reads.
    """
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    longest = max(functions, key=lambda function: len(function.body), default=None)
    dead = ast.parse(statement.format(name=name)).body
    if longest is None:
        tree.body.extend(dead)
    else:
        at = max(1, round(place * len(longest.body)))  # what is first may be the docstring
        longest.body[at:at] = dead
    return ast.fix_missing_locations(tree)


def _known(node: ast.AST) -> set[str]:
    """Names that a node shows to others, or takes from them."""
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    if isinstance(node, ast.Global | ast.Nonlocal):
        return set(node.names)
    for kind, field in _SHOWN.items():
        if isinstance(node, kind):
            return {getattr(node, field) or ""}
    return set()


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, (*_SCOPES, ast.ExceptHandler)) and node.name:
            node.name = self._names.get(node.name, node.name)
        elif isinstance(node, ast.arg):
            node.arg = self._names.get(node.arg, node.arg)
        elif isinstance(node, ast.Name):
            node.id = self._names.get(node.id, node.id)
        return super().generic_visit(node)
