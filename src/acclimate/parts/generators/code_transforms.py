"""CodeTransforms: code that says the same in other words asks for the original."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._grammars import GRAMMARS, ProgramLanguage
from acclimate.parts._programs import counted, parsed, program_of
from acclimate.parts.generators._code import (
    DEAD,
    bindings,
    renamed,
    with_dead_code,
    without_docstrings,
)
from acclimate.parts.generators._rewriting import (
    own_names,
    renamed_in,
    sound,
    with_idle_code,
    without_comments,
)
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "code_transform"

_NAME = re.compile(r"\w+")
_EARLIEST, _LATEST = 0.2, 0.8
"""Where among a function's statements the one comes in that does nothing."""


@dataclass(frozen=True, kw_only=True)
class CodeTransforms:
    r"""Code with other names, a statement that does nothing, and its end cut off.

    What is left of the original is what it does, so the student learns to find code by that and not
    by the words its author chose. Comments and docstrings go: they would be copies.

    Documents that are no program give no query; of a piece of a longer file its longest whole
    function asks. Python is read by its own parser; with the `code` extra also Java, C#, Go, Rust,
    C, C++, JavaScript, TypeScript, PHP and Ruby.

    Rows: [041].

    Paper:   ReACC: A Retrieval-Augmented Code Completion Framework, 2022.
             https://arxiv.org/abs/2203.07722
    Code:    none followed; the settings of the authors' release.
    Differs: names that others may know (imported ones, members, keywords of calls, functions inside
             of a class) stay; a few idle statements of each language for the authors' seven kinds.
    Cost:    a few parses of the drawn documents; no model.

    Args:
        per_document: queries of each document.
        rename_rate: how often a name becomes another one, 0…1. Paper: 0.85.
        dead_code: whether a statement that does nothing is put in. Paper: yes.
        shortest: share of the lines that are left, drawn evenly up to 1. 1: nothing is cut.
        at_least_lines: lines of a query; shorter documents give none.
        language: of the documents. None: what their ids end in tells it, as paths do, or else the
            first parser that finds no fault.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "code_transform", in the order of the corpus.

    Raises:
        MissingExtraError: when the parser of `language` is not installed.

    Example:
        >>> from acclimate.parts.part import Context
        >>> text = "def double(number):\n    # twice\n    return 2 * number"
        >>> corpus = Corpus.of([{"doc_id": "double.py", "title": "", "text": text}])
        >>> part = CodeTransforms(rename_rate=1, dead_code=False, shortest=1, at_least_lines=2)
        >>> print(part(corpus, Context())["text"][0])
        def v0(v1):
            return 2 * v1
    """

    per_document: int = 1
    rename_rate: float = 0.85
    dead_code: bool = True
    shortest: float = 0.5
    at_least_lines: int = 3
    language: ProgramLanguage | None = None
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not (0 <= self.rename_rate <= 1 and 0 < self.shortest <= 1):
            raise RecipeError(
                f"{self!r}: rename_rate lies between 0 and 1, shortest above 0 and up to 1."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Rewrite the code."""
        texts, ids = corpus["text"], corpus["doc_id"]
        read: list[str | None] = []

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            language, code = program_of(ids[row], texts[row], self.language) or (None, "")
            read.append(language)
            for _ in range(self.per_document if language else 0):
                lines = self._rewritten(str(language), code, rng).splitlines()
                if len(lines) >= self.at_least_lines:
                    count = round(len(lines) * rng.uniform(self.shortest, 1))
                    yield KIND, "\n".join(lines[: max(self.at_least_lines, count)])

        found = written(self, corpus, ctx, write, self.queries)
        ctx.note("languages", counted(read))
        return found

    def _rewritten(self, language: str, text: str, rng: Rng) -> str:
        """A program in other words; empty where it would be none any more."""
        if (tree := parsed(text) if language == "python" else None) is not None:
            free = _unused(text)
            tree = without_docstrings(tree)
            tree = renamed(tree, self._names(bindings(tree), free, rng))
            if self.dead_code:
                tree = with_dead_code(tree, _drawn(DEAD, rng), _place(rng), next(free))
            return ast.unparse(tree)
        grammar = GRAMMARS[language]
        free = _unused(text, grammar.sigil)
        text = without_comments(language, text)
        text = renamed_in(language, text, self._names(own_names(language, text), free, rng))
        if self.dead_code:
            idle = _drawn(grammar.idle, rng)
            text = with_idle_code(language, text, idle, _place(rng), next(free))
        return text if sound(language, text) else ""

    def _names(self, own: list[str], free: Iterator[str], rng: Rng) -> dict[str, str]:
        """Which of a program's names become which others."""
        return {name: next(free) for name in own if rng.random() < self.rename_rate}


def _unused(text: str, sigil: str = "") -> Iterator[str]:
    """Names that stand nowhere in a text."""
    taken = set(_NAME.findall(text))
    names = (f"v{number}" for number in itertools.count())
    return (sigil + name for name in names if name not in taken)


def _drawn(statements: Sequence[str], rng: Rng) -> str:
    return statements[int(rng.integers(len(statements)))]


def _place(rng: Rng) -> float:
    return float(rng.uniform(_EARLIEST, _LATEST))
