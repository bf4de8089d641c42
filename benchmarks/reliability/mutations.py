"""Mutations: the text of a module with one thing wrong, for every thing that can be."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
CALLS: dict[str, str] = {
    "sum": "mean",
    "mean": "sum",
    "logsumexp": "amax",
    "amax": "logsumexp",
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "any": "all",
    "all": "any",
    "square": "abs",
    "sqrt": "square",
    "exp": "exp2",
    "exp2": "exp",
    "log": "log2",
    "log2": "log",
    "log1p": "log",
    "softplus": "relu",
    "logaddexp": "maximum",
    "softmax": "log_softmax",
    "log_softmax": "softmax",
    "logsigmoid": "sigmoid",
}
DROPPED = ("abs", "clamp", "detach", "flip")
"""Methods without which their tensor still has its shape."""

AXES = ("sum", "mean", "any", "all", "logsumexp", "softmax", "log_softmax", "argsort", "gather")
"""Methods whose first argument may be an axis."""

WORDS = ("dim", "descending", "keepdim", "stable", "dtype", "device", "strict")
"""Arguments by name that are no numbers to be changed by one."""

HUGE = 1e15
"""Numbers that one more does not change."""


@dataclass(frozen=True, eq=False)
class Mutant:
    """A module with one change.

    Args:
        line: where, from 1.
        change: what.
        code: the line before.
        tree: the module after.
    """

    line: int
    change: str
    code: str
    tree: ast.Module

    def as_json(self) -> dict[str, Any]:
        """Without the tree."""
        return {"line": self.line, "change": self.change, "code": self.code}


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its text."""
    tree, lines = ast.parse(text), text.splitlines()
    for place, node in enumerate(ast.walk(tree)):
        node.place = place  # type: ignore[attr-defined]
    for node in _code(tree):
        for change, new in _changes(node):
            after = _Swap(node.place, new).visit(copy.deepcopy(tree))
            ast.fix_missing_locations(after)
            yield Mutant(node.lineno, change, lines[node.lineno - 1].strip(), after)


def unchanged(text: str) -> Mutant:
    """The module as it is, to see that putting it in place breaks nothing."""
    return Mutant(0, "nothing", "", ast.parse(text))


class _Swap(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, place: int, new: ast.AST) -> None:
        self.place = place
        self.new = new

    def visit(self, node: ast.AST) -> Any:
        if getattr(node, "place", None) == self.place:
            return ast.copy_location(copy.deepcopy(self.new), node)
        return self.generic_visit(node)


def _code(node: ast.AST) -> Iterator[Any]:
    """Nodes that compute something: no docstrings, annotations, defaults or messages."""
    if isinstance(node, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.keyword) and node.arg in WORDS:
        return
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        inner: list[ast.AST] = list(node.body)
    elif isinstance(node, ast.AnnAssign):
        # in a class, without ClassVar, it is the default of a setting
        flag = "ClassVar" in ast.dump(node.annotation)
        setting = not flag and isinstance(node.value, ast.Constant)
        inner = [node.value] if node.value is not None and not setting else []
        if flag and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
            yield node.value
            return
    else:
        inner = list(ast.iter_child_nodes(node))
    if hasattr(node, "lineno"):
        yield node
    for child in inner:
        yield from _code(child)


def _changes(node: Any) -> Iterator[tuple[str, ast.AST]]:
    """(what changes, the node after) for each way a node can be wrong."""
    kind = type(node).__name__
    yield from _BY_KIND.get(kind, _nothing)(node)


def _nothing(node: Any) -> Iterator[tuple[str, ast.AST]]:
    del node
    yield from ()


def _binary(node: ast.BinOp | ast.BoolOp) -> Iterator[tuple[str, ast.AST]]:
    for other in OPERATORS.get(type(node.op), ()):
        new = copy.deepcopy(node)
        new.op = other()
        yield f"{type(node.op).__name__} -> {other.__name__} in {_short(node)}", new


def _unary(node: ast.UnaryOp) -> Iterator[tuple[str, ast.AST]]:
    yield f"{type(node.op).__name__} dropped in {_short(node)}", node.operand


def _compare(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for place, operator in enumerate(node.ops):
        for other in OPERATORS.get(type(operator), ()):
            new = copy.deepcopy(node)
            new.ops[place] = other()
            yield f"{type(operator).__name__} -> {other.__name__} in {_short(node)}", new


def _call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in CALLS:
        new = copy.deepcopy(node)
        if isinstance(new.func, ast.Attribute):
            new.func.attr = CALLS[name]
        else:
            new.func.id = CALLS[name]  # type: ignore[attr-defined]
        if isinstance(function, ast.Attribute) or name in {"max", "min", "any", "all"}:
            yield f"{name} -> {CALLS[name]} in {_short(node)}", new
    if name in DROPPED and isinstance(function, ast.Attribute):
        yield f"{name} dropped in {_short(node)}", function.value
    if name == "where" and len(node.args) == 3:
        new = copy.deepcopy(node)
        new.args[1:] = reversed(new.args[1:])
        yield f"where turned round in {_short(node)}", new
    yield from _axes(node, name)


def _axes(node: ast.Call, name: str) -> Iterator[tuple[str, ast.AST]]:
    for place, word in enumerate(node.keywords):
        if isinstance(word.value, ast.Constant) and word.arg in {"dim", "descending"}:
            new = copy.deepcopy(node)
            new.keywords[place].value = ast.Constant(_other(word.value.value))
            yield f"{word.arg} -> {_other(word.value.value)} in {_short(node)}", new
    if name in AXES and node.args and _is_axis(node.args[0]):
        new = copy.deepcopy(node)
        axis = _other(node.args[0].value)  # type: ignore[attr-defined]
        new.args[0] = ast.Constant(axis)
        yield f"axis -> {axis} in {_short(node)}", new


def _is_axis(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return 0 if value else 1


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", ast.Constant(not node.value)
    elif isinstance(node.value, int | float) and abs(node.value) < HUGE:
        yield f"{node.value} -> {node.value + 1}", ast.Constant(node.value + 1)


def _condition(node: ast.If | ast.IfExp) -> Iterator[tuple[str, ast.AST]]:
    new = copy.deepcopy(node)
    new.test = ast.UnaryOp(op=ast.Not(), operand=new.test)
    yield f"condition turned round: {_short(node.test)}", new


def _statement(node: ast.Expr) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, ast.Call):
        yield f"left out: {_short(node)}", ast.Pass()


def _attribute(node: ast.Attribute) -> Iterator[tuple[str, ast.AST]]:
    if node.attr == "T":
        yield f"T dropped in {_short(node)}", node.value


def _short(node: ast.AST) -> str:
    return ast.unparse(node)[:60]


_BY_KIND: dict[str, Any] = {
    "BinOp": _binary,
    "BoolOp": _binary,
    "UnaryOp": _unary,
    "Compare": _compare,
    "Call": _call,
    "Constant": _constant,
    "If": _condition,
    "IfExp": _condition,
    "Expr": _statement,
    "Attribute": _attribute,
}
