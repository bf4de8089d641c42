"""CodeTransforms: code that says the same in other words asks for the original."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts.generators._code import (
    DEAD,
    bindings,
    parsed,
    renamed,
    with_dead_code,
    without_docstrings,
)
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "code_transform"


@dataclass(frozen=True, kw_only=True)
class CodeTransforms:
    r"""Python code with other names, a statement that does nothing, and its end cut off.

    What is left of the original is what it does, so the student learns to find code by that and not
    by the words its author chose. Comments and docstrings go: they would be copies.

    Documents that are no Python give no query.

    Rows: [041].

    Paper:   ReACC: A Retrieval-Augmented Code Completion Framework, 2022.
             https://arxiv.org/abs/2203.07722
    Code:    none followed; the settings of the authors' release.
    Differs: Python alone, by its own parser; names that others may know (imported ones, attributes,
             keywords of calls) stay.
    Cost:    one parse of the drawn documents; no model.

    Args:
        per_document: queries of each document.
        rename_rate: how often a name becomes another one, 0…1. Paper: 0.85.
        dead_code: whether a statement that does nothing is put in. Paper: yes.
        shortest: share of the lines that are left, drawn evenly up to 1. 1: nothing is cut.
        at_least_lines: lines of a query; shorter documents give none.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "code_transform", in the order of the corpus.

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
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not (0 <= self.rename_rate <= 1 and 0 < self.shortest <= 1):
            raise RecipeError(
                f"{self!r}: rename_rate lies between 0 and 1, shortest above 0 and up to 1."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Rewrite the code."""
        texts = corpus["text"]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            for _ in range(self.per_document):
                tree = parsed(texts[row])
                lines = self._rewritten(tree, rng) if tree is not None else []
                if len(lines) >= self.at_least_lines:
                    count = round(len(lines) * rng.uniform(self.shortest, 1))
                    yield KIND, "\n".join(lines[: max(self.at_least_lines, count)])

        return written(self, corpus, ctx, write, self.queries)

    def _rewritten(self, tree: ast.Module, rng: Rng) -> list[str]:
        """The lines of the code in other words."""
        taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        free = (name for number in range(10**6) if (name := f"v{number}") not in taken)
        names = {n: next(free) for n in bindings(tree) if rng.random() < self.rename_rate}
        tree = renamed(without_docstrings(tree), names)
        if self.dead_code:
            statement = DEAD[int(rng.integers(len(DEAD)))]
            tree = with_dead_code(tree, statement, rng.uniform(0.2, 0.8), next(free))
        return ast.unparse(tree).splitlines()
