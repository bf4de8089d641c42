"""AnswerPairs: questions with answers, from a file: of a list of them, or of a help desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._answers import Held
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._logged import Places, intake_told
from acclimate.parts._words import unspaced, words
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile, Queries

KIND = "answered"


@dataclass(frozen=True, kw_only=True)
class AnswerPairs:
    """A query for each question that was answered, of the document that holds the answer.

    Where a row names the document, that is it. Otherwise it is one that has the words of the
    answer, one after the other; of several the one with the most words of the question. An answer
    that stands in more than `at_most_documents` ("yes", "1994") says nothing about where it was
    taken from, and is left out like one that stands nowhere.

    Rows: [104].

    Paper:   SilverRetriever: Advancing Neural Passage Retrieval for Polish Question Answering,
             2023. https://arxiv.org/abs/2309.08469
    Code:    none followed.
    Differs: answers are looked for as they stand; the paper's sets come with their passages.
    Cost:    reads the file; one pass over the words of the corpus, and over all documents for each
             answer in a script without spaces.

    Args:
        log: the file: a question, and an answer or the id of a document.
        at_most_documents: that may hold an answer.
        queries: how many at most; drawn by their ids. None: all.

    Returns:
        Queries of kind "answered" with the answers of the file, in its order.

    Raises:
        TableError: when the file cannot be read.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> AnswerPairs(log=toys.ANSWERS)(toys.CORPUS, Context())["source_doc_id"]
        ['bees', 'tomatoes', 'comets', 'compost']
    """

    log: LogFile
    at_most_documents: int = 3
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse answers that stand nowhere."""
        if self.at_most_documents < 1:
            raise RecipeError(f"{self!r}: give 1 or more documents that may hold an answer.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Find the documents."""
        pairs, intake = self.log.pairs(meets=("answer", "document"))
        places, ids = Places(corpus), corpus["doc_id"]
        sought = list(dict.fromkeys(pair.answer for pair in pairs if not pair.document))
        holding = dict(zip(sought, holders(sought, corpus.contents), strict=True))
        rows: dict[str, dict[str, Any]] = {}
        unknown: list[str] = []
        left = {"answers that stand nowhere": 0, "answers that stand in too many documents": 0}
        for pair in pairs:
            found = [] if pair.document else holding[pair.answer]
            row = places.of(pair.document, pair.query)
            if pair.document and row < 0:
                unknown.append(pair.document)
            elif not pair.document and not found:
                left["answers that stand nowhere"] += 1
            elif len(found) > self.at_most_documents:
                left["answers that stand in too many documents"] += 1
            else:
                row = row if pair.document else places.best(found, pair.query)
                for made in rows_of(ids[row], [(KIND, pair.query, None)]):
                    rows.setdefault(made["query_id"], {**made, "answer": pair.answer or None})
        ctx.note("log", intake_told(intake, unknown) | {k: n for k, n in left.items() if n})
        asked = Queries.of(rows.values())
        luck = hashes(asked["query_id"], salt(ctx, type(self).__name__))
        return asked.take(np.sort(np.argsort(luck, kind="stable")[: self.queries]))


def holders(answers: Sequence[str], documents: Sequence[str]) -> list[list[int]]:
    """The rows of the documents that hold each answer, its words one after the other.

    Example:
        >>> holders(["honey bees", "a"], ["Wild honey bees.", "The bees' honey.", "A bee"])
        [[0], [2]]
    """
    told = [frozenset(words(answer)) for answer in answers]
    sought = frozenset().union(*told)
    having: dict[str, set[int]] = defaultdict(set)
    for row, text in enumerate(documents):
        for word in sought.intersection(words(text)):
            having[word].add(row)
    held, everywhere = Held(documents), range(len(documents))
    found = []
    for answer, own in zip(answers, told, strict=True):
        # Without spaces a document's words are cut elsewhere than the answer's.
        whole = unspaced(answer) or not own
        some = everywhere if whole else sorted(set.intersection(*(having[word] for word in own)))
        found.append([row for row in some if held.of(row, answer)])
    return found
