"""Known: a miner and a labeller whose answers are given, for tests of parts that wrap others.

Example:
    >>> miner, corpus, queries = known({"q": {"s": 0.8, "a": 0.7}})
    >>> found_by(miner(corpus, queries, Context()))
    {'q': ['s', 'a']}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

Lists = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]


@dataclass(frozen=True, kw_only=True)
class KnownMiner:
    """A miner that finds what it is told, for the queries it is asked.

    Args:
        lists: for each query its documents and their scores, best first.
        name: in the column `miner`.
    """

    lists: Lists
    name: str = "known"

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        """Find them."""
        del corpus, ctx
        source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
        return Candidates.of(
            {
                "query_id": query,
                "doc_id": document,
                "rank": rank,
                "score": score,
                "is_source": source[query] == document,
                "miner": self.name,
            }
            for query, found in self.lists
            if query in source
            for rank, (document, score) in enumerate(found, 1)
        )


@dataclass(frozen=True, kw_only=True)
class KnownLabeller:
    """A labeller that values a document alike for all queries; others have no label.

    Args:
        values: of documents.
    """

    values: tuple[tuple[str, float], ...]

    def __call__(self, candidates: Candidates, ctx: Context) -> Labels:
        """Label what is known."""
        del ctx
        values = dict(self.values)
        return Labels.of(
            {"query_id": query, "doc_id": document, "value": values[document], "teacher": "known"}
            for query, document in zip(candidates["query_id"], candidates["doc_id"], strict=True)
            if document in values
        )


def known(
    lists: Mapping[str, Mapping[str, float]],
    *,
    source: str | None = "s",
    texts: Mapping[str, str] | None = None,
    name: str = "known",
) -> tuple[KnownMiner, Corpus, Queries]:
    """A miner with these lists, the documents in them, and the queries.

    Args:
        lists: for each query its documents and their scores, best first.
        source: the document that all queries were written from.
        texts: of documents and queries; those without are their ids.
        name: of the miner.
    """
    text = dict(texts or {})
    told = tuple((query, tuple(found.items())) for query, found in lists.items())
    documents = dict.fromkeys(document for _, found in told for document, _ in found)
    corpus = Corpus.of({"doc_id": d, "title": "", "text": text.get(d, d)} for d in documents)
    queries = Queries.of(
        {"query_id": q, "text": text.get(q, q), "source_doc_id": source, "split": "train"}
        for q in lists
    )
    return KnownMiner(lists=told, name=name), corpus, queries


def found_by(candidates: Candidates) -> dict[str, list[str]]:
    """The documents of each query by rank."""
    told: dict[str, list[str]] = {}
    for row in sorted(candidates.dicts(), key=lambda row: row["rank"]):
        told.setdefault(row["query_id"], []).append(row["doc_id"])
    return told
