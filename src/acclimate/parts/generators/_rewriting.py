"""Programs of any language in other words: their text is edited where their syntax tree says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from acclimate.parts._grammars import GRAMMARS
from acclimate.parts._programs import marks, tree_of

_WORD = re.compile(r"\w+")

Edit = tuple[int, int, str]
"""From which byte to which, and what stands there instead."""


def own_names(language: str, text: str) -> list[str]:
    """Names that a program gives and alone uses, in order of coming.

    Names that others may know are left out, and those that stand in a text that is read as code.
    """
    marked = marks(language, text)
    known = {"_", "this", "$this", "self", "super", "main", "init"}
    known |= {_text(node) for node in marked["known"]}
    for node in marked["text"]:
        known.update(_WORD.findall(_text(node)))
    bound = dict.fromkeys(_text(node) for node in marked["bound"])
    return [name for name in bound if name not in known and not name.startswith("$_")]


def renamed_in(language: str, text: str, names: Mapping[str, str]) -> str:
    """The program with other names."""
    kinds = GRAMMARS[language].names
    return _edited(
        text,
        [
            (node.start_byte, node.end_byte, names[name])
            for node in _nodes(tree_of(language, text).root_node)
            if node.type in kinds and (name := _text(node)) in names
        ],
    )


def without_comments(language: str, text: str) -> str:
    """The program without its comments, and without the lines that held nothing else."""
    raw = _bytes(text)
    edits: list[Edit] = []
    for node in _nodes(tree_of(language, text).root_node):
        if "comment" not in node.type or "comment" in getattr(node.parent, "type", ""):
            continue
        start, end = node.start_byte, node.end_byte
        while start and raw[start - 1 : start] in {b" ", b"\t"}:
            start -= 1
        alone = start == 0 or raw[start - 1 : start] == b"\n"
        ends = raw.find(b"\n", end)
        rest = raw[end : ends if ends >= 0 else len(raw)]
        if alone and not rest.strip():
            end = ends + 1 if ends >= 0 else len(raw)
        elif rest.strip():
            start = node.start_byte  # what follows keeps the space before it
        edits.append((start, max(start, end), ""))
    return _edited(text, edits)


def with_idle_code(language: str, text: str, statement: str, place: float, name: str) -> str:
    """The program with a statement that does nothing, in its longest function.

    Args:
        language: of the program.
        text: the program; without a function it stays as it is.
        statement: one of the language's idle ones.
        place: where among the function's statements, as a share; never behind the last, which may
            return, nor before the first of several, which may declare.
        name: of the variable that nobody reads.
    """
    bodies = [_statements(node) for node in marks(language, text)["body"]]
    longest = max(bodies, key=len, default=[])
    if not longest:
        return text
    at = min(max(1, round(place * len(longest))), len(longest) - 1)
    node = longest[at]
    begins = _bytes(text).rfind(b"\n", 0, node.start_byte) + 1
    before = _bytes(text)[begins : node.start_byte].decode("utf-8", "surrogatepass")
    indent = before[: len(before) - len(before.lstrip())]
    idle = f"{statement.format(name=name)}\n{indent}"
    return _edited(text, [(node.start_byte, node.start_byte, idle)])


def sound(language: str, text: str) -> bool:
    """Whether a program is one still."""
    return not tree_of(language, text).root_node.has_error


def _statements(body: Any) -> list[Any]:
    """What a function does one after the other, without comments."""
    inside = [node for node in body.named_children if not node.is_extra]
    if len(inside) == 1 and inside[0].type == "statement_list":
        return _statements(inside[0])
    return inside


def _nodes(node: Any) -> Iterator[Any]:
    """All nodes, in the order of the text; a deep tree is no deep recursion."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def _edited(text: str, edits: list[Edit]) -> str:
    """The text with edits that do not overlap."""
    raw, done = _bytes(text), 0
    pieces: list[bytes] = []
    for start, end, new in sorted(edits):
        pieces += [raw[done:start], _bytes(new)]
        done = max(done, end)
    return b"".join([*pieces, raw[done:]]).decode("utf-8", "surrogatepass")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(node: Any) -> str:
    held: bytes = node.text
    return held.decode("utf-8", "surrogatepass")
