"""Whether a text is a program, and in which language: Python's own parser, and tree-sitter's.

The parsers of other languages come with the `code` extra. Each is a package of its own that holds
its grammar, so that nothing is fetched when it is used.
"""

from __future__ import annotations

import ast
import importlib
import re
import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, get_args

from acclimate.errors import MissingExtraError
from acclimate.parts._grammars import GRAMMARS, ProgramLanguage

LANGUAGES: tuple[str, ...] = get_args(ProgramLanguage)

_ENDING = re.compile(r"\.(\w+)(?:#\d+)?$")
"""Of an id that is a path, or a piece of one."""

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
    language: str | None = told
    if language is None and (found := _ENDING.search(name)):
        language = _NAMED.get(found[1].lower())
    if language is not None:
        there = told is not None or language in {"python", *installed()}
        return language if there and _reads(language, text) else None
    if _reads("python", text):
        return "python"
    return next((n for n in installed() if _reads(n, text) and marks(n, text)["body"]), None)


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
