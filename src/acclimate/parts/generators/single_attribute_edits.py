"""SingleAttributeEdits: a query with another year, figure or name, which its document lacks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._names import salient
from acclimate.parts._sources import sources
from acclimate.parts._words import Span, sentences
from acclimate.parts.generators._language import Languages, function_words
from acclimate.parts.generators._written import Rng, behind
from acclimate.parts.generators.hard_negative_queries import KIND
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

_TRIES = 16
"""Values that are looked at for one edit, before it is given up."""

Values = dict[str, list[str]]
"""What stands in the documents, by its form."""


@dataclass(frozen=True, kw_only=True)
class SingleAttributeEdits:
    """The queries, and behind each that trains a few with one name, date or number exchanged.

    Who asks for the sales of 2024 is not served by the sales of 2022, although all other words are
    the same. A value is exchanged for one of the same form that stands elsewhere in the documents:
    a year for a year, a name of two words for another one. As it does not stand in the query's own
    document, this no longer answers, and no model needs to say so. Put a teacher behind it, or
    `labellers.Answerability`; never `labellers.SourceIsRelevant`, for which every query is answered
    by its source.

    Values are runs of words with capitals or digits, as in `SalientSpanMasks`.

    Rows: [031], [053].

    Paper:   DocReRank: Single-Page Hard-Negative Query Generation, 2025 (its edits of one
             property). https://arxiv.org/abs/2505.22584; minimal edits: Zhang, Yu, Zhao, Jiang,
             TACL 2023. https://arxiv.org/abs/2305.14441
    Code:    none followed.
    Differs: values of the documents for a language model's (`HardNegativeQueries(style="edit")`);
             what stands in the document for what it answers.
    Cost:    one pass over the words of the documents; no model.

    Args:
        variants: how many for each query, at most. Paper: 3.

    Returns:
        The queries in their order, each with its new ones behind it: of kind "hard_negative", with
        the same source. Queries without a name or number have none.

    Example:
        >>> corpus = Corpus.of({"doc_id": y, "title": "", "text": f"Sales of {y} were good."}
        ...                    for y in ("2022", "2024"))
        >>> queries = Queries.of([{"query_id": "q", "text": "what were sales in 2022",
        ...                        "source_doc_id": "2022", "split": "train"}])
        >>> SingleAttributeEdits()(corpus, queries, Context())["text"]
        ['what were sales in 2022', 'what were sales in 2024']
    """

    variants: int = 3

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if self.variants < 1:
            raise RecipeError(
                f"SingleAttributeEdits(variants={self.variants}) writes nothing. Give 1 or more."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Exchange the values."""
        own, contents, key = sources(corpus, queries).tolist(), corpus.contents, salt(ctx, self)
        languages = Languages(contents)
        silent = [function_words(languages.of(text)) for text in contents]
        values = _values(contents, silent)
        told, without = {}, 0
        for row, query in enumerate(queries.dicts()):
            if own[row] < 0 or query["split"] != "train" or query["kind"] == KIND:
                continue
            text, source = query["text"], contents[own[row]]
            places = salient(text, silent[own[row]])
            without += not places
            edits = _edits(text, source, places, values, rng_of(query["query_id"], key))
            kept = list(dict.fromkeys(edits))[: self.variants]
            told[row] = [(KIND, edit, None) for edit in kept]
        result = behind(queries, told)
        ctx.note("written", len(result) - len(queries))
        ctx.note("queries without a name or number", without)
        return result


def form(value: str) -> str:
    """What values must have in common to be exchanged: digits in their places, or so many words.

    Example:
        >>> form("2022"), form("1,200"), form("12 March"), form("Marie Curie")
        ('0000', '0,000', '00 March', '2')
    """
    if any(letter.isdigit() for letter in value):
        return re.sub(r"\d", "0", value)
    return str(len(value.split()))


def _values(contents: list[str], silent: list[frozenset[str]]) -> Values:
    """All values of the documents, each once, whatever the order of the documents."""
    found = defaultdict[str, set[str]](set)
    for text, words in zip(contents, silent, strict=True):
        for start, end in sentences(text):
            sentence = text[start:end]
            for a, b in salient(sentence, words):
                found[form(sentence[a:b])].add(sentence[a:b])
    return {name: sorted(values) for name, values in found.items()}


def _edits(text: str, source: str, places: list[Span], values: Values, rng: Rng) -> Iterator[str]:
    """A query with one of its values exchanged, for one that neither it nor its document has."""
    known = f"{text}\n{source}".casefold()
    for _ in range(_TRIES if places else 0):
        start, end = places[int(rng.integers(len(places)))]
        if others := values.get(form(text[start:end])):
            other = others[int(rng.integers(len(others)))]
            if other.casefold() not in known:
                yield text[:start] + other + text[end:]
