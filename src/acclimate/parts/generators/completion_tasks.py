"""CompletionTasks: what stands before a cut in code or prose asks for what comes after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._cloze import SUFFIX
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "completion" + SUFFIX

_WORD = re.compile(r"\S+")
_LINE = re.compile(r"^.*\S.*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class CompletionTasks:
    r"""The last lines before a cut: what a writer of code, or of anything, has on the screen.

    The document is cut somewhere in its middle. The lines before the cut are the query; the
    document is read without them, so that what continues them must be known by what it says. Where
    a language model labels documents by how well they help it to go on, it goes on from here.

    Rows: [090].

    Paper:   RLCoder: Reinforcement Learning for Repository-Level Code Completion, 2024.
             https://arxiv.org/abs/2407.19487
    Code:    none followed; the settings of the authors' release.
    Differs: without a language model that labels, the document's rest is what is to be found.
    Cost:    one pass over the drawn documents; no model.

    Args:
        per_document: cuts of each document.
        earliest: where a cut may be, as a share of the words. Paper: 0.2.
        latest: where a cut may be. Paper: 0.8.
        context_lines: lines of a query that are not empty, at most. Paper: 20.
        at_least_words: words before a cut, divided by white space. Paper: more than 80.
        rest_words: words after it. Paper: more than 8.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "completion_cloze", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> corpus = Corpus.of([{"doc_id": "a", "title": "", "text": "one two\nthree four"}])
        >>> part = CompletionTasks(earliest=0.5, latest=0.5, at_least_words=2, rest_words=2)
        >>> part(corpus, Context())["text"]
        ['one two']
    """

    per_document: int = 1
    earliest: float = 0.2
    latest: float = 0.8
    context_lines: int = 20
    at_least_words: int = 81
    rest_words: int = 9
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse a cut outside of the document, and an empty query."""
        if (
            not 0 <= self.earliest <= self.latest <= 1
            or min(self.context_lines, self.at_least_words, self.rest_words) < 1
        ):
            raise RecipeError(
                f"{self!r}: earliest and latest are shares in this order, the counts 1 or more."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Cut the documents."""
        texts = corpus["text"]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            words = [match.start() for match in _WORD.finditer(texts[row])]
            for _ in range(self.per_document):
                before = round(len(words) * rng.uniform(self.earliest, self.latest))
                if before < self.at_least_words or len(words) - before < self.rest_words:
                    continue
                yield KIND, self._context(texts[row][: words[before]])

        return written(self, corpus, ctx, write, self.queries)

    def _context(self, text: str) -> str:
        """The last lines of a text that are not empty, with what is between them."""
        lines = [match.start() for match in _LINE.finditer(text)]
        return text[lines[-self.context_lines :][0] :].rstrip()
