"""Topical: queries of one topic share their candidates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._codes import coded, looked_up, places_within
from acclimate.parts._hashing import hashes, mixed, salt
from acclimate.parts._sources import sources
from acclimate.parts.miners.union import Union
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries

SHARED = "topic"
"""The miner of a candidate that another query of the topic brought."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]


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
        rows = _Rows.of(found, corpus, queries)
        brought = _drawn(rows, salt(ctx, self), found, self.each, self.among)
        topic = _topics(queries)
        query, document = _shared(rows.query[brought], rows.document[brought], topic)
        shared = _joined(rows, query, document, found, corpus, queries)
        ctx.note(
            "shared",
            {
                "topics": len(np.unique(topic)),
                "documents per query": round(len(shared) / max(1, len(queries)), 1),
            },
        )
        return shared


@dataclass(frozen=True)
class _Rows:
    """What the miner found, (N,) each: rows of query and document, rank, whether the source."""

    query: Integers
    document: Integers
    rank: Integers
    source: Mask

    @classmethod
    def of(cls, found: Candidates, corpus: Corpus, queries: Queries) -> _Rows:
        query, query_ids = coded(found, "query_id")
        document, doc_ids = coded(found, "doc_id")
        return cls(
            looked_up(query_ids, queries.position)[query],
            looked_up(doc_ids, corpus.position)[document],
            found.array("rank").astype(np.int64),
            found.array("is_source").astype(bool),
        )


def _drawn(rows: _Rows, key: int, found: Candidates, each: int, among: int) -> Mask:
    """Which rows are brought: the sources, and others by an exponential race of rates 1 / rank."""
    by_rank = np.lexsort((rows.rank, rows.source, rows.query))  # per query, the source last
    place = places_within(rows.query, by_rank)
    first = ~rows.source & (place < among)
    query, query_ids = coded(found, "query_id")
    document, doc_ids = coded(found, "doc_id")
    luck = mixed(hashes(query_ids, key)[query], hashes(doc_ids, key)[document])
    chance = (luck.astype(np.float64) + 1) / 2.0**64
    time = np.where(first, -np.log(chance) * (place + 1), np.inf)
    race = np.lexsort((rows.document, time, rows.query))
    return rows.source | (first & (places_within(rows.query, race) < each - 1))


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
    pairs = np.unique(topic[query] * size + document)
    of_topic, documents = pairs // size, pairs % size
    starts = np.searchsorted(of_topic, topic)
    counts = np.searchsorted(of_topic, topic, side="right") - starts
    asked = np.repeat(np.arange(len(topic)), counts)
    inside = np.arange(len(asked)) - np.repeat(np.cumsum(counts) - counts, counts)
    return asked, documents[np.repeat(starts, counts) + inside]


def _joined(
    rows: _Rows,
    query: Integers,
    document: Integers,
    found: Candidates,
    corpus: Corpus,
    queries: Queries,
) -> Candidates:
    """The shared candidates with what the miner said of those it found for the query itself."""
    size = max(1, len(corpus))
    known, cells = rows.query * size + rows.document, query * size + document
    order = np.argsort(known, kind="stable")
    at = order[np.minimum(np.searchsorted(known[order], cells), len(known) - 1)]
    own = known[at] == cells
    score: Floats = np.where(own, found.array("score")[at], np.float32(0))
    rank = np.where(own, rows.rank[at], len(known) + 1)
    by_score = np.lexsort((document, rank, -score, query))
    query, document, own, at = query[by_score], document[by_score], own[by_score], at[by_score]
    miner = pa.concat_arrays([found.rows.column("miner").combine_chunks(), pa.array([SHARED])])
    source = sources(corpus, queries)
    return Candidates.columns(
        query_id=queries.rows.column("query_id").take(pa.array(query)),
        doc_id=corpus.rows.column("doc_id").take(pa.array(document)),
        rank=places_within(query, np.arange(len(query))) + 1,
        score=score[by_score],
        is_source=source[query] == document,
        miner=miner.take(pa.array(np.where(own, at, len(found)))),
    )
