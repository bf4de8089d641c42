"""PyTerrier: adapted models as functions from data frames to data frames.

A frame of topics has `qid` and `query`; one of results also `docno`, `score` and `rank` (from 0).
`pt.apply.generic` makes a transformer of such a function, with `>>`, `%` and `pt.Experiment`. No
PyTerrier is imported here, and no Java started: the frames alone are what the two agree on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from acclimate.engines.local import Local
from acclimate.errors import TableError
from acclimate.models.family import served
from acclimate.models.indexes.flat import Flat
from acclimate.pipeline.runs import results_of
from acclimate.tables import Corpus, Queries

TOPIC = ("qid", "query")
FOUND = ("docno", "score", "rank")


class AdaptedRetriever:
    """Topics to results: the documents that a model ranks first.

    Whatever else is known of a topic stays beside its results. Pieces of a split document count as
    the whole, and no two results of a query have equal scores, so that all tools order them alike.

    Args:
        model: hub name or folder, that of an export included.
        corpus: the documents; they are encoded when the first topic is asked.
        depth: results of each topic. PyTerrier's own: 1,000.
        device: "cpu", "cuda", …; "auto": a GPU where there is one.
        folder: keeps the documents' vectors for later processes; None: they are not kept.

    Example:
        pipeline = pt.apply.generic(AdaptedRetriever("run/models/…", corpus)) % 10
    """

    def __init__(
        self,
        model: str,
        corpus: Corpus,
        *,
        depth: int = 1_000,
        device: str = "auto",
        folder: str | None = None,
    ) -> None:
        self.model = model
        self.corpus = corpus
        self.depth = depth
        self._index = Flat(served(model))
        self._contents = corpus.contents
        self._engine = Local(device=device, folder=folder)

    def __repr__(self) -> str:
        return f"AdaptedRetriever({self.model!r}, {self.corpus!r}, depth={self.depth})"

    def __call__(self, topics: Any) -> Any:
        """The results of each topic, best first.

        Raises:
            TableError: when the frame has no `qid` or `query`.
        """
        _check(topics, TOPIC)
        asked = topics.drop(columns=[name for name in FOUND if name in topics.columns])
        asked = asked.assign(qid=asked["qid"].astype(str)).drop_duplicates("qid")
        queries = Queries.columns(
            query_id=asked["qid"].tolist(),
            text=asked["query"].tolist(),
            split=["heldout"] * len(asked),
        )
        depth = min(self.depth, len(self.corpus))
        hits = self._engine.search(self._index, self._contents, queries["text"], depth=depth)
        found = results_of(hits, self.corpus, queries, "acclimate")
        rows = asked.iloc[[queries.position[name] for name in found["query_id"]]]
        return rows.reset_index(drop=True).assign(
            docno=found["doc_id"],
            score=found.array("score").astype(np.float64),
            rank=found.array("rank").astype(np.int64) - 1,
        )


class AdaptedReranker:
    """Results to results: the same documents with a model's own scores, in its order.

    Any model does: a reranker reads each query with each of its documents, others compare vectors.

    Args:
        model: hub name or folder, that of an export included.
        corpus: the documents; None: their texts are in the frame.
        text: the column with the texts, as `pt.text.get_text` writes it.
        device: "cpu", "cuda", …; "auto": a GPU where there is one.

    Example:
        pipeline = bm25 % 100 >> pt.apply.generic(AdaptedReranker("models/my-reranker", corpus))
    """

    def __init__(
        self, model: str, corpus: Corpus | None = None, *, text: str = "text", device: str = "auto"
    ) -> None:
        self.model = model
        self.corpus = corpus
        self.text = text
        self._index = Flat(served(model))
        self._engine = Local(device=device)

    def __repr__(self) -> str:
        return f"AdaptedReranker({self.model!r})"

    def __call__(self, results: Any) -> Any:
        """The results, each topic's best first; ties in the order they had.

        Raises:
            TableError: when a column is missing, or a document is not in the corpus.
        """
        _check(results, (*TOPIC, "docno", *(() if self.corpus else (self.text,))))
        topics, line = _numbered(results["qid"].tolist())
        documents, column = _numbered(results["docno"].tolist())
        queries, texts = [""] * len(topics), [""] * len(documents)
        for row, query in zip(line, results["query"].tolist(), strict=True):
            queries[row] = query
        for row, text in zip(column, self._texts(results), strict=True):
            texts[row] = text
        place = _places(line)
        among = np.full((len(topics), max(place, default=-1) + 1), -1, dtype=np.int64)
        among[line, place] = column
        hits = self._engine.search(self._index, texts, queries, among=among)
        scores = hits.scores[line, place].astype(np.float64)
        order = np.lexsort((-scores, np.asarray(line, dtype=np.int64)))
        ranked = results.assign(score=scores).iloc[order].reset_index(drop=True)
        return ranked.assign(rank=np.asarray(_places([line[row] for row in order]), dtype=np.int64))

    def _texts(self, results: Any) -> list[str]:
        """What is read of each result."""
        if self.corpus is None:
            return [str(text) for text in results[self.text].tolist()]
        contents, position = self.corpus.contents, self.corpus.position
        names = results["docno"].tolist()
        for name in names:
            if name not in position:
                raise TableError(
                    f"The document {name!r} of the results is not in the corpus, which has "
                    f"{self.corpus['doc_id'][0]!r}. Are they of another collection?"
                )
        return [contents[position[name]] for name in names]


def _check(frame: Any, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise TableError(
            f"The frame needs {', '.join(columns)}; there is no {', '.join(missing)} among "
            f"{', '.join(map(str, frame.columns))}."
        )


def _numbered(names: Sequence[str]) -> tuple[list[str], list[int]]:
    """Distinct names, and which one each is."""
    distinct = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return list(distinct), [distinct[name] for name in names]


def _places(line: Sequence[int]) -> list[int]:
    """The how-manieth of its line each is, from 0."""
    seen: dict[int, int] = {}
    found = []
    for row in line:
        found.append(seen.get(row, 0))
        seen[row] = found[-1] + 1
    return found
