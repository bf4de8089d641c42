"""Cloze: queries cut out of a document, and that document as it is read without them.

A generator that cuts a query out of a document says by the query's kind how the document is then
to be read: without it, of kinds that end in "_cloze", or as a crop of its own, of kinds that end
in "_crop". The corpus stays as it is, so one document serves masked and unmasked queries alike;
who reads pairs (`loops.Cloze`, `labellers.WithoutQuery`) asks `readings` for the text that a
query's own document has for it, or `reread` for tables in which this text is a document.

Example:
    >>> remaining("Bees", "Bees visit flowers. They make honey.", "They make honey")
    ('Bees', 'Bees visit flowers.')
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa

from acclimate.parts._hashing import rng_of
from acclimate.parts._words import clean, sentences, spans
from acclimate.tables import Candidates, Corpus, Labels, Queries, Table

TableT = TypeVar("TableT", bound=Table)
PairsT = TypeVar("PairsT", Candidates, Labels)

SUFFIX = "_cloze"
CROPPED = "_crop"
SHORTEST, LONGEST = 0.05, 0.5
WITHIN_WORDS = 256
_SALT = 98


def is_hidden(kind: str | None) -> bool:
    """Whether the document of a query of this kind is to be read without it."""
    return kind is not None and kind.endswith(SUFFIX)


def remaining(title: str, text: str, query: str) -> tuple[str, str]:
    """Title and text of a document without a query cut out of it, the rest in order.

    The title goes when it is the query, else the first sentence that is, else the first run of
    words, whatever the space between them. Of a query of several lines, of which an instruction or
    another conversation is one, the last line that can be found goes. A query that cannot be found
    (words were dropped from it) removes nothing.
    """
    for piece in dict.fromkeys((query, *reversed(query.split("\n")))):
        if (rest := _rest(title, text, piece)) is not None:
            return rest
    return title, text


def _rest(title: str, text: str, query: str) -> tuple[str, str] | None:
    """Title and text without a query; None where it cannot be found."""
    if clean(title) == query:
        return "", text
    for start, end in sentences(text):
        if clean(text[start:end]) == query:
            return title, _without(text, start, end)
    run = re.search(r"\s+".join(map(re.escape, query.split())), text) if query.strip() else None
    return (title, _without(text, *run.span())) if run else None


def cropped(
    text: str,
    rng: np.random.Generator,
    *,
    shortest: float = SHORTEST,
    longest: float = LONGEST,
    within_words: int = WITHIN_WORDS,
) -> str:
    """A run of a text's words: int(n · u) of the first n, one at least, from anywhere among them.

    Args:
        text: of which n = `within_words` words count, or all there are.
        rng: draws u evenly between the two shares, then where the run begins.
        shortest: share.
        longest: share.
        within_words: how much of the beginning is drawn from.
    """
    places = spans(text)[:within_words]
    if not places:
        return ""
    count = max(1, int(len(places) * rng.uniform(shortest, longest)))
    start = int(rng.integers(len(places) - count + 1))
    return text[places[start][0] : places[start + count - 1][1]]


def readings(corpus: Corpus, queries: Queries) -> dict[str, str]:
    """By its id, for each query of a kind that says so: how its document is to be read."""
    found = {}
    titles, texts = corpus["title"], corpus["text"]
    for row in queries.dicts():
        kind = row["kind"] or ""
        if kind.endswith((SUFFIX, CROPPED)) and row["source_doc_id"] in corpus.position:
            place = corpus.position[row["source_doc_id"]]
            title, text = titles[place], texts[place]
            if kind.endswith(SUFFIX):
                title, text = remaining(title, text, row["text"])
            whole = f"{title} {text}" if title else text
            crop = kind.endswith(CROPPED)
            found[row["query_id"]] = (
                cropped(whole, rng_of(row["query_id"], _SALT)) if crop else whole
            )
    return found


@dataclass(frozen=True, eq=False)
class Reread:
    """The documents and queries of a training, with what is read otherwise as documents more.

    Args:
        corpus: the documents, then the readings, each with its document as its parent.
        queries: those whose source is read otherwise name the reading as their source.
        names: of the reading, by query and document.
    """

    corpus: Corpus
    queries: Queries
    names: Mapping[tuple[str, str], str]

    def __len__(self) -> int:
        return len(self.names)

    def of(self, pairs: PairsT) -> PairsT:
        """Pairs of a query and a document, with the reading in the place of its document."""
        return _renamed(pairs, self.names)

    def back(self, pairs: PairsT) -> PairsT:
        """Pairs with the document in the place of its reading."""
        return _renamed(pairs, {(q, name): doc for (q, doc), name in self.names.items()})


def reread(corpus: Corpus, queries: Queries) -> Reread:
    """The tables in which each training query's source is read as the query's kind says.

    Nothing else changes: other documents, other queries, those held out, and a source of which
    nothing would be left.
    """
    shown = readings(corpus, queries.of_split("train"))
    ids = zip(queries["query_id"], queries["source_doc_id"], strict=True)
    names = {
        (query, source): f"{source} as read for {query}"
        for query, source in ids
        if shown.get(query, "").strip()
    }
    more = Corpus.columns(
        doc_id=list(names.values()),
        title=[""] * len(names),
        text=[shown[query] for query, _ in names],
        parent_id=[source for _, source in names],
    )
    ids = zip(queries["query_id"], queries["source_doc_id"], strict=True)
    sources = [names.get(pair, pair[1]) for pair in ids]
    return Reread(Corpus.joined([corpus, more]), _with(queries, "source_doc_id", sources), names)


def _renamed(pairs: PairsT, names: Mapping[tuple[str, str], str]) -> PairsT:
    both = zip(pairs["query_id"], pairs["doc_id"], strict=True)
    return _with(pairs, "doc_id", [names.get(pair, pair[1]) for pair in both])


def _with(table: TableT, column: str, values: Sequence[str | None]) -> TableT:
    """The table with other values in one column."""
    place = table.schema.get_field_index(column)
    array = pa.array(values, pa.string())
    return type(table)(table.rows.set_column(place, table.schema.field(place), array))


def _without(text: str, start: int, end: int) -> str:
    rest = (text[:start].rstrip(), text[end:].lstrip())
    return "\n".join(part for part in rest if part)
