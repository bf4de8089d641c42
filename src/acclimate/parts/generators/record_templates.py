"""RecordTemplates: rows of a table or knowledge base asked for by what stands in their fields."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._records import Field, record_of
from acclimate.parts._words import normal
from acclimate.parts.generators._salience import drawn
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "record"

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class RecordTemplates:
    """Requests for a record by its values: "red racing bike", "brand Gazelle colour red".

    A record's fields are those its row brought beside its text, and the lines `name: value` of a
    text that has several. Values are drawn with chances as their rarity, so that the request tells
    the record from others; one that more than `at_most_records` records fit is left out.

    Rows: [103].

    Paper:   Multi-task retriever fine-tuning for domain-specific and efficient RAG, 2025.
             https://arxiv.org/abs/2501.04652
    Code:    none published.
    Differs: templates stand for requests that people or a language model wrote, and one kind of
             record for many tasks; a record gets at most `per_document` requests, where the paper
             draws fewer of frequent ones. What can be asked of records is as for the knowledge
             bases of MAKER and MK-TOD, whose dialogues are not needed.
    Cost:    one pass over the fields; no model.

    Args:
        per_document: requests of each record.
        at_most_fields: fields of a request; from one to so many are drawn evenly.
        templates: shapes with {values} (the values), {fields} (names and values), {title} and
            {name} (of one field).
        at_most_records: records that may fit a request.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "record", in the order of the corpus; none of documents without fields.

    Example:
        >>> import json
        >>> from acclimate.parts.part import Context
        >>> corpus = Corpus.of(
        ...     {"doc_id": name, "title": name, "text": "A bike.",
        ...      "meta": json.dumps({"brand": name, "colour": "red"})}
        ...     for name in ("Gazelle", "Batavus"))
        >>> part = RecordTemplates(
        ...     templates=("{fields}",), at_most_fields=1, at_most_records=1, per_document=5)
        >>> part(corpus, Context())["text"]
        ['brand Gazelle', 'brand Batavus']
    """

    per_document: int = 1
    at_most_fields: int = 3
    templates: tuple[str, ...] = ("{values}", "{fields}", "{title} {name}")
    at_most_records: int = 3
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse no field, and shapes that cannot be filled."""
        known = {"values", "fields", "title", "name"}
        wrong = [s for s in self.templates if not set(_FIELD.findall(s)) or not _fits(s, known)]
        if self.at_most_fields < 1 or not self.templates or wrong:
            raise RecipeError(
                f"{self!r}: give 1 field or more, and templates with some of "
                "{values}, {fields}, {title} and {name}."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the requests."""
        titles = corpus["title"]
        records = [
            list(record_of(meta, text))
            for meta, text in zip(corpus["meta"], corpus["text"], strict=True)
        ]
        counts = Counter((n, normal(v)) for record in records for n, v in record)
        shared = Counter(normal(title) for title in titles)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            record = records[row]
            rarity = [math.log(1 + len(records) / counts[n, normal(v)]) for n, v in record]
            for _ in range(self.per_document if record else 0):
                count = int(rng.integers(1, self.at_most_fields + 1))
                picked = [record[place] for place in drawn(rarity, count, rng)]
                shape = self.templates[int(rng.integers(len(self.templates)))]
                asked = _FIELD.findall(shape)
                fits = min(counts[n, normal(v)] for n, v in picked)
                if "title" in asked:
                    fits = shared[normal(titles[row])] if titles[row] else len(records) + 1
                if fits <= self.at_most_records:
                    yield KIND, _filled(shape, titles[row], picked)

        return written(self, corpus, ctx, write, self.queries)


def _fits(shape: str, known: set[str]) -> bool:
    return set(_FIELD.findall(shape)) <= known


def _filled(shape: str, title: str, picked: list[Field]) -> str:
    fields = " ".join(f"{name} {value}" for name, value in picked)
    values = " ".join(value for _, value in picked)
    return shape.format(values=values, fields=fields, title=title, name=picked[0][0])
