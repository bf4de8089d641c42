"""Logged: what a log says of the documents of a corpus.

Example:
    >>> from acclimate.testing import toys
    >>> told = clicked(toys.CLICKS, toys.CORPUS)
    >>> ids = toys.CORPUS["doc_id"]
    >>> {ids[row]: count for row, count in told.clicks["what causes the tide"].items()}
    {'tides': 3.0, 'moon': 1.0}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from acclimate.errors import TableError
from acclimate.parts._words import normal, words
from acclimate.tables import Corpus, Intake, LogFile


class Places:
    """Where the documents are that a log names.

    A document that was dropped as a duplicate is the one kept for it. Of one that was split, the
    piece is taken that has the most words of the query: what people saw was the whole.

    Args:
        corpus: the documents.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._rows = corpus.position
        self._aliases = corpus.aliases
        self._contents = corpus.contents
        self._pieces: dict[str, list[int]] = defaultdict(list)
        for row, parent in enumerate(corpus["parent_id"]):
            if parent:
                self._pieces[parent].append(row)
        self._words: dict[int, frozenset[str]] = {}

    def of(self, document: str, query: str) -> int:
        """The row of a document for a query; -1 where there is none."""
        name = self._aliases.get(document, document)
        row = self._rows.get(name)
        if row is not None:
            return int(row)
        return self.best(self._pieces.get(name, []), query)

    def best(self, rows: list[int], query: str) -> int:
        """Of some rows the one with the most words of a query, the first of equals; -1 of none."""
        if len(rows) < 2:
            return rows[0] if rows else -1
        asked = frozenset(words(query))
        for row in rows:
            if row not in self._words:
                self._words[row] = frozenset(words(self._contents[row]))
        return max(rows, key=lambda row: len(asked & self._words[row]))


@dataclass(frozen=True, eq=False)
class Clicked:
    """How often people who asked something chose which document.

    Args:
        asked: what they asked in the wording that came first, by its words in small letters.
        clicks: how often each document was chosen, by its row, for these words.
        told: what came in and what did not, to be reported.
    """

    asked: Mapping[str, str]
    clicks: Mapping[str, Mapping[int, float]]
    told: Mapping[str, Any]


def clicked(log: LogFile, corpus: Corpus) -> Clicked:
    """What a log says of these documents; rows of the same words and document are added up.

    Raises:
        TableError: when the log cannot be read, or when no document that it names is here.
    """
    pairs, intake = log.pairs()
    places = Places(corpus)
    asked: dict[str, str] = {}
    clicks: dict[str, dict[int, float]] = {}
    unknown: list[str] = []
    for pair in pairs:
        key, row = normal(pair.query) or pair.query, places.of(pair.document, pair.query)
        if row < 0:
            unknown.append(pair.document)
            continue
        asked.setdefault(key, pair.query)
        counts = clicks.setdefault(key, {})
        counts[row] = counts.get(row, 0.0) + pair.times
    if len(corpus) and not asked:
        raise TableError(
            f"{log.path}: no document that it names (such as {unknown[0]!r}) is among the "
            f"{len(corpus):,} documents (such as {corpus['doc_id'][0]!r}). Is it the log of "
            "another corpus?"
        )
    return Clicked(asked, clicks, intake_told(intake, unknown))


def intake_told(intake: Intake, unknown: list[str]) -> dict[str, Any]:
    """What came in from a log, for a step's notes: rows, and why some were left out."""
    told: dict[str, Any] = {"rows": intake.read, **intake.reasons}
    if unknown:
        told["of documents that are not here"] = len(unknown)
        told["such as"] = list(dict.fromkeys(unknown))[:3]
    return told
