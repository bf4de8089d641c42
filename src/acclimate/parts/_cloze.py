"""Cloze: queries cut out of a document, and that document as it is read without them.

A generator that cuts a sentence out of a document says by the query's kind whether the document
is then to be read without it: kinds that end in "_cloze" are. The corpus stays as it is, so one
document serves masked and unmasked queries alike; who reads pairs (a teacher, a student that
trains) asks `readings` for the text that a query's own document has for it.

Example:
    >>> remaining("Bees", "Bees visit flowers. They make honey.", "They make honey")
    ('Bees', 'Bees visit flowers.')
"""

from __future__ import annotations

from acclimate.parts._words import clean, sentences
from acclimate.tables import Corpus, Queries

SUFFIX = "_cloze"


def is_hidden(kind: str | None) -> bool:
    """Whether the document of a query of this kind is to be read without it."""
    return kind is not None and kind.endswith(SUFFIX)


def remaining(title: str, text: str, query: str) -> tuple[str, str]:
    """Title and text of a document without a query cut out of it, the rest in order.

    The title goes when it is the query, or the first sentence that is. A query that cannot be
    found (words were dropped from it) removes nothing.
    """
    if clean(title) == query:
        return "", text
    for start, end in sentences(text):
        if clean(text[start:end]) == query:
            rest = (text[:start].rstrip(), text[end:].lstrip())
            return title, "\n".join(part for part in rest if part)
    return title, text


def readings(corpus: Corpus, queries: Queries) -> dict[str, str]:
    """For each query of a cloze kind, by its id: its document's title and text without it."""
    found = {}
    titles, texts = corpus["title"], corpus["text"]
    for row in queries.dicts():
        if is_hidden(row["kind"]) and row["source_doc_id"] in corpus.position:
            place = corpus.position[row["source_doc_id"]]
            title, text = remaining(titles[place], texts[place], row["text"])
            found[row["query_id"]] = f"{title} {text}" if title else text
    return found
