"""Topical: queries of one topic share their candidates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._codes import places_within
from acclimate.parts._pairs import pairs
from acclimate.parts.miners._lists import Lists, Mask, round_key
from acclimate.parts.miners._rows import cells, named, places_of, rows
from acclimate.parts.miners.union import Union
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries

SHARED = "topic"
"""The miner of a candidate that another query of the topic brought."""


@dataclass(frozen=True, kw_only=True)
class Topical:
    """Each query brings a few documents to its topic, and all are candidates of all its queries.

    A query brings the document it was written from and `each` − 1 of the first `among` that the
    miner found for it, drawn with chances falling as 1 / rank. A topic of 16 queries has about
    40 documents then, and a batch of it 16 · 40 labelled pairs for 40 encoded documents, where
    lists of the queries' own would have 640. Topics are those of `filters.Topics`; a query
    without one has only what it brought itself.

    Rows: [019].

    Paper:   Hofstätter et al., Efficiently Teaching an Effective Dense Retriever with Balanced
             Topic Aware Sampling (TAS-B), SIGIR 2021, section 3 (a second teacher labels every
             query with every passage of the batch). https://arxiv.org/abs/2104.06967
    Code:    sebastian-hofstaetter/tas-balanced-dense-retrieval.
    Differs: mined before training, so that labels are a table and each pair is paid for once;
             negatives come from a miner instead of BM25's list alone.
    Cost:    that of the miner.

    Args:
        miner: finds the documents.
        each: documents a query brings, the source among them.
        among: ranks it draws from.

    Returns:
        Candidates by falling score of the miner, 0 for those that others brought; these have the
        miner "topic".
    """

    miner: Miner = field(default_factory=Union)
    each: int = 3
    among: int = 20

    def __post_init__(self) -> None:
        """Refuse to draw nothing."""
        if self.each < 1 or self.among < 1:
            raise RecipeError(f"Topical(each={self.each}, among={self.among}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Mine, draw and share."""
        found: Candidates = apply(self.miner, (corpus, queries, student), ctx)
        if not len(found):
            return found
        lists, topic = Lists.of(found), _topics(queries)
        brought = _drawn(lists, round_key(self, student, ctx), self.each, self.among)
        query, document = pairs(corpus, queries, found)
        query, document = _shared(query[brought], document[brought], topic)
        shared = _joined(query, document, lists, corpus, queries)
        ctx.note(
            "shared",
            {
                "topics": len(np.unique(topic)),
                "documents per query": round(len(shared) / max(1, len(queries)), 1),
            },
        )
        return shared


def _drawn(lists: Lists, key: int, each: int, among: int) -> Mask:
    """Which candidates are brought: sources, and others with chances that fall as 1 / rank."""
    place = places_within(lists.query, np.lexsort((lists.rank, lists.source, lists.query)))
    return lists.drawn(-np.log(place + 1.0), each - 1, place < among, key)


def _topics(queries: Queries) -> Integers:
    """The topic of each query; one of its own where it has none."""
    told = queries.rows.column("topic").to_numpy(zero_copy_only=False).astype(np.float64)
    alone = np.isnan(told)
    topics = np.where(alone, 0, told).astype(np.int64)
    topics[alone] = topics.max(initial=0) + 1 + np.arange(int(alone.sum()))
    return topics


def _shared(query: Integers, document: Integers, topic: Integers) -> tuple[Integers, Integers]:
    """Every query with every document its topic has, as rows."""
    size = int(document.max(initial=0)) + 1
    had = np.unique(topic[query] * size + document)
    of_topic, documents = had // size, had % size
    starts = np.searchsorted(of_topic, topic)
    counts = np.searchsorted(of_topic, topic, side="right") - starts
    asked = np.repeat(np.arange(len(topic)), counts)
    inside = np.arange(len(asked)) - np.repeat(np.cumsum(counts) - counts, counts)
    return asked, documents[np.repeat(starts, counts) + inside]


def _joined(
    query: Integers, document: Integers, lists: Lists, corpus: Corpus, queries: Queries
) -> Candidates:
    """The shared candidates with what the miner said of those it found for the query itself."""
    known = cells(lists.found, corpus, queries)
    at = places_of(query * max(1, len(corpus)) + document, known)
    score = np.where(at >= 0, lists.score[at], 0.0)
    rank = np.where(at >= 0, lists.rank[at], len(known) + 1)
    order = np.lexsort((document, rank, -score, query))
    query, document, miner = query[order], document[order], named(lists.found, at[order], SHARED)
    return rows(query, document, score[order], miner, corpus, queries)
