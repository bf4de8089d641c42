"""Cooccurrence: a record is as relevant as many of its values stand in the query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._answers import Held
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts._records import record_of
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Cooccurrence:
    """Labels that count the values of a record, its title among them, that the query names.

    Who asks for a red racing bike is served by every one there is, and not only by the record that
    the request was made from. No teacher knows a firm's parts and customers; that a value stands in
    both says what it can.

    A record's fields are those its row brought beside its text, and the lines `name: value` of a
    text that has several.

    Rows: [073].

    Paper:   MAKER: Multi-Grained Knowledge Retrieval for End-to-End Task-Oriented Dialog, ACL 2023.
             https://arxiv.org/abs/2305.10149
    Code:    none followed.
    Differs: the weak labels of records alone; the generator whose attention teaches, and the
             choice of columns, are left out.
    Cost:    values of the record times words of the query, for each candidate.

    Returns:
        One label per candidate with fields or a title, in the order of the candidates: 0 to the
        number of its values.

    Example:
        >>> corpus = Corpus.of([{"doc_id": "b", "title": "Gazelle", "text": "A bike.",
        ...                      "meta": '{"colour": "red", "kind": "racing bike"}'}])
        >>> asked = Queries.of([{"query_id": "q", "text": "red Gazelle", "split": "train"}])
        >>> found = Candidates.of([{"query_id": "q", "doc_id": "b", "rank": 1, "score": 0.0,
        ...                         "is_source": False, "miner": "m"}])
        >>> Cooccurrence()(corpus, asked, found, Context())["value"]
        [2.0]
    """

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Count the values."""
        asked, found = pairs(corpus, queries, candidates)
        titles, texts, metas = corpus["title"], corpus["text"], corpus["meta"]
        told = {}
        for row in np.unique(found).tolist():
            fields = [value for _, value in record_of(metas[row], texts[row])]
            told[row] = list(dict.fromkeys([*fields, *([titles[row]] if titles[row] else ())]))
        held = Held(queries["text"])
        counts = [
            sum(held.of(query, value) for value in told[document]) if told[document] else np.nan
            for query, document in zip(asked.tolist(), found.tolist(), strict=True)
        ]
        values = np.asarray(counts, dtype=np.float32)
        ctx.note("candidates without a field", int(np.isnan(values).sum()))
        return labelled(candidates, values, "cooccurrence")
