"""ParseOK: documents that are whole programs."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts._grammars import ProgramLanguage
from acclimate.parts._programs import counted, language_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class ParseOK:
    """Documents that a parser of their language reads without a fault.

    Torn pieces, prose between the files and code in a language nobody can read here are worth no
    query about what code does. As a step of a recipe it takes the others away for good; inside
    `generators.OfDocuments` they only get no query.

    Rows: [041].

    Paper:   ReACC: A Retrieval-Augmented Code Completion Framework, 2022.
             https://arxiv.org/abs/2203.07722
    Code:    none followed.
    Differs: Python by its own parser, other languages with the `code` extra; without it a program
             in another language is told from none by nothing, and goes.
    Cost:    one parse of each document; where nothing tells its language, one by each parser.

    Args:
        language: of the documents. None: what their ids end in tells it, as paths do, or else any
            whose parser there is; a program of another language than Python must have a function.

    Returns:
        The documents kept, in their order.

    Raises:
        MissingExtraError: when the parser of `language` is not installed.

    Example:
        >>> corpus = Corpus.of(
        ...     {"doc_id": text, "title": "", "text": text} for text in ("x = 1", "x = (1"))
        >>> ParseOK(language="python")(corpus, Context())["text"]
        ['x = 1']
    """

    language: ProgramLanguage | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Corpus:
        """Parse each."""
        rows = zip(corpus["doc_id"], corpus["text"], strict=True)
        found = [language_of(name, text, self.language) for name, text in rows]
        ctx.note("languages", counted(found))
        return corpus.keep([language is not None for language in found])
