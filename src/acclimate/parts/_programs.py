"""Whether a text is a program, and in which language: Python's own parser, and tree-sitter's.

The parsers of other languages come with the `code` extra. Each is a package of its own that holds
its grammar, so that nothing is fetched when it is used.
"""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, get_args

from acclimate.errors import MissingExtraError
from acclimate.parts._grammars import GRAMMARS, ProgramLanguage

LANGUAGES: tuple[str, ...] = get_args(ProgramLanguage)

_ENDING = re.compile(r"\.(\w+)(?:#\d+)?$")
"""Of an id that is a path, or a piece of one."""

_HEAD = re.compile(r"(\s*)(?:async )?(?:def|class) ")
"""Of a function or class of Python."""

_NAMED: Mapping[str, str] = {
    "py": "python",
    **{ending: name for name, grammar in GRAMMARS.items() for ending in grammar.endings},
}


def parsed(text: str) -> ast.Module | None:
    """The syntax tree of a text that is Python with at least one statement; None of another."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes and comparisons in the code that is read
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if tree.body else None


def language_of(name: str, text: str, told: ProgramLanguage | None = None) -> str | None:
    """The language in which a text is a program without a fault; None where it is in none.

    Args:
        name: of the document; where it ends as files of a language do, only that is tried.
        text: what it says.
        told: the only language it may be in. None: what its name tells, or any whose parser there
            is; where nothing tells, a program of another language than Python has a function.

    Raises:
        MissingExtraError: when the parser of the language that was told is not installed.
    """
    language: str | None = told or _by_ending(name)
    if language is not None:
        there = told is not None or language in {"python", *installed()}
        return language if there and _reads(language, text) else None
    if _reads("python", text):
        return "python"
    return next((n for n in installed() if _reads(n, text) and marks(n, text)["body"]), None)


def program_of(name: str, text: str, told: ProgramLanguage | None = None) -> tuple[str, str] | None:
    """The language and the code of a text, or of its longest whole function where it is torn.

    A piece of a long file is no program, and mostly has one in it. None where there is none; where
    neither `name` nor `told` tells the language, only whole programs are.
    """
    if language := language_of(name, text, told):
        return language, text
    language = told or _by_ending(name)
    if language is None or (told is None and language not in {"python", *installed()}):
        return None
    found = _functions(text) if language == "python" else _marked(language, text)
    whole = [function for function in found if _reads(language, function)]
    return (language, max(whole, key=len)) if whole else None


@lru_cache(maxsize=1)
def installed() -> tuple[str, ...]:
    """The languages besides Python that have a parser here."""
    return tuple(name for name in GRAMMARS if _there(name))


def tree_of(language: str, text: str) -> Any:
    """The syntax tree of a text by tree-sitter, faults and all.

    Raises:
        MissingExtraError: when there is no parser of the language.
    """
    grammar = _grammar(language)
    from tree_sitter import Parser

    return Parser(grammar).parse(text.encode("utf-8", "surrogatepass"))


def marks(language: str, text: str) -> dict[str, list[Any]]:
    """The nodes that the language's query marks, in their order in the text."""
    root = tree_of(language, text).root_node
    from tree_sitter import QueryCursor

    found = QueryCursor(_query(language)).captures(root)
    by_place = {name: sorted(nodes, key=lambda n: n.start_byte) for name, nodes in found.items()}
    return {name: by_place.get(name, []) for name in ("bound", "known", "text", "body")}


def counted(languages: Sequence[str | None]) -> dict[str, int]:
    """How many texts are in which language, most first; "none" stands for no program."""
    names = [name or "none" for name in languages]
    return {name: names.count(name) for name in sorted(set(names), key=lambda n: -names.count(n))}


def _by_ending(name: str) -> str | None:
    found = _ENDING.search(name)
    return _NAMED.get(found[1].lower()) if found else None


def _functions(text: str) -> Iterator[str]:
    """What stands under each head of a Python function or class, with its head."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if head := _HEAD.match(line):
            later = range(at + 1, len(lines))
            end = next((n for n in later if not _inside(lines[n], len(head[1]))), len(lines))
            yield textwrap.dedent("\n".join(lines[at:end]))


def _inside(line: str, depth: int) -> bool:
    """Whether a line is indented more, or says nothing, or closes what the head opened."""
    bare = line.lstrip()
    return not bare or bare[0] in ")]}" or len(line) - len(bare) > depth


def _marked(language: str, text: str) -> list[str]:
    """The functions of a program, whole ones."""
    heads = [body.parent for body in marks(language, text)["body"] if body.parent is not None]
    return [head.text.decode("utf-8", "surrogatepass") for head in heads if not head.has_error]


def _reads(language: str, text: str) -> bool:
    if language == "python":
        return parsed(text) is not None
    root = tree_of(language, text).root_node
    return not root.has_error and any(not child.is_extra for child in root.named_children)


def _there(language: str) -> bool:
    try:
        _grammar(language)
    except MissingExtraError:
        return False
    return True


@lru_cache(maxsize=len(GRAMMARS))
def _grammar(language: str) -> Any:
    grammar = GRAMMARS[language]
    try:
        from tree_sitter import Language

        package = importlib.import_module(grammar.package)
    except ImportError as error:
        raise MissingExtraError(grammar.package, "code") from error
    return Language(getattr(package, grammar.function)())


@lru_cache(maxsize=len(GRAMMARS))
def _query(language: str) -> Any:
    from tree_sitter import Query

    return Query(_grammar(language), GRAMMARS[language].query)
