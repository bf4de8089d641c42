"""Pooled: what several systems found for the same queries, and all of it in one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.engines.local import Local
from acclimate.errors import RecipeError, TableError
from acclimate.models.indexes import BM25
from acclimate.parts._hashing import hashes
from acclimate.parts.evaluators.ranked import LEXICAL
from acclimate.parts.part import Track
from acclimate.pipeline.inputs import as_queries
from acclimate.pipeline.inspecting import facts_of, open_table
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.runs import names_of
from acclimate.pipeline.trying import systems_of
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, eq=False)
class Rivals:
    """Systems that answered the same queries from the same documents.

    Args:
        corpus: the documents.
        queries: the queries.
        ranked: by system and query, the ids of the first documents, best first.
    """

    corpus: Corpus
    queries: Queries
    ranked: Mapping[str, Mapping[str, list[str]]]

    @property
    def pool(self) -> Candidates:
        """Each pair once, in an order that tells nothing of who found it."""
        found = {(q, d) for run in self.ranked.values() for q, docs in run.items() for d in docs}
        pairs = sorted(found)
        luck = hashes([f"{q}\0{d}" for q, d in pairs], 0)
        mixed = [pairs[row] for row in np.argsort(luck, kind="stable")]
        return Candidates.columns(
            query_id=[q for q, _ in mixed],
            doc_id=[d for _, d in mixed],
            rank=np.arange(1, len(mixed) + 1),
            score=np.zeros(len(mixed)),
            is_source=[False] * len(mixed),
            miner=["pool"] * len(mixed),
        )


def rivals(
    runs: Sequence[Path], corpus: Path | None, queries: Any, *, depth: int, track: Track
) -> Rivals:
    """The systems of a run folder, where the first is one, and those of TREC runs.

    Args:
        runs: TREC runs, the first of them perhaps a run folder.
        corpus: the documents of TREC runs; None: those of the run folder.
        queries: the texts of the queries; None: those in the BEIR folder of the documents, or those
            that the run folder held out.
        depth: results of a query.
        track: shows progress.

    Raises:
        RecipeError: when documents are named twice, or not at all, or there are no queries.
        TableError: when a TREC run is of other queries or documents.
    """
    first, *others = runs
    if (first / MARK).is_file():
        if corpus is not None:
            raise RecipeError(f"{first} brings its own documents. Leave {corpus} away.")
        found = _of_folder(first, queries, depth, track)
        names = names_of(others, found.ranked)
    else:
        if corpus is None:
            raise RecipeError(f"{first} is no run folder. Name the documents of its results too.")
        texts = as_queries(corpus if queries is None else queries)
        found, others, names = Rivals(Corpus.read(corpus), texts, {}), list(runs), names_of(runs)
    more = {
        name: _of_file(file, found.corpus, found.queries, depth)
        for name, file in zip(names, others, strict=True)
    }
    return replace(found, ranked={**found.ranked, **more})


def _of_folder(run: Path, queries: Any, depth: int, track: Track) -> Rivals:
    """Base, adapted and BM25 on queries; the document that a query was written from is left out."""
    facts_of(run)
    corpus = Corpus.open(run / "tables" / "corpus.arrow")
    own = cast(Queries, open_table(run, Queries)) if queries is None else None
    asked = as_queries(queries) if own is None else own.of_split("heldout")
    if not len(asked):
        raise RecipeError(f"{run} held no queries out. Give some with --queries.")
    engine, ids = Local(folder=run / "engine", track=track), corpus["doc_id"]
    systems: dict[str, IndexRef] = {**systems_of(run), LEXICAL: BM25()}
    ranked: dict[str, dict[str, list[str]]] = {}
    for name, index in systems.items():
        # one more than is looked at: the source may be among them
        most = min(depth + 1, len(corpus))
        hits = engine.search(index, corpus.contents, asked["text"], depth=most)
        rows = zip(asked["query_id"], asked["source_doc_id"], hits.positions.tolist(), strict=True)
        ranked[name] = {
            query: [ids[row] for row in line if row >= 0 and ids[row] != source][:depth]
            for query, source, line in rows
        }
    return Rivals(corpus, asked, ranked)


def _of_file(run: Path, docs: Corpus, texts: Queries, depth: int) -> dict[str, list[str]]:
    """The first documents of each query."""
    found = Candidates.read(run)
    known = found.where("query_id", texts["query_id"]).where("doc_id", docs["doc_id"])
    if not len(known):
        raise TableError(
            f"{run} ranks {found['doc_id'][0]!r} for {found['query_id'][0]!r}; these queries and "
            f"documents have {texts['query_id'][0]!r} and {docs['doc_id'][0]!r}."
        )
    by_query: dict[str, list[str]] = {}
    for row in sorted(known.dicts(), key=lambda row: int(row["rank"])):
        if row["rank"] <= depth:
            by_query.setdefault(row["query_id"], []).append(row["doc_id"])
    return by_query
