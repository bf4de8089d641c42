"""Runs: results of systems as TREC runs, in and out, so that they are measured side by side.

Shapes: Q queries, K results of a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from acclimate.errors import StoreError, TableError
from acclimate.models.ref import Floats, Hits
from acclimate.parts.evaluators.retrieval import Run
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.tables.folding import fold


def names_of(files: Sequence[Path], taken: Iterable[str] = ()) -> list[str]:
    """Names of the files; numbered where two are the same, or where a system has one."""
    stems = [file.stem for file in files]
    used = [*stems, *taken]
    return [s if used.count(s) == 1 else f"{s} {n}" for n, s in enumerate(stems, 1)]


def read_runs(files: Sequence[Path], names: Sequence[str], corpus: Corpus) -> dict[str, Run]:
    """Scores of each run by query and document; pieces of a split document count as the whole.

    Raises:
        TableError: when a file cannot be read.
    """
    runs: dict[str, Run] = {}
    for name, file in zip(names, files, strict=True):
        found: dict[str, dict[str, float]] = {}
        for row in fold(Candidates.read(file), corpus).dicts():
            found.setdefault(row["query_id"], {})[row["doc_id"]] = row["score"]
        runs[name] = found
    return runs


def check(runs: Mapping[str, Run], queries: Queries) -> None:
    """Refuse runs of other queries: they would all score 0.

    Raises:
        TableError: when a run has none of the judged queries.
    """
    for name, run in runs.items():
        if not set(run) & set(queries["query_id"]):
            raise TableError(
                f"The run {name!r} has results for {next(iter(run))!r}, and for none of the judged "
                f"queries (such as {queries['query_id'][0]!r}). Are they of another collection?"
            )


def write_runs(
    results: Mapping[str, Hits], corpus: Corpus, queries: Queries, folder: Path
) -> dict[str, str]:
    """Each system's results as `<system>.trec`, whole documents in the order of their ranks.

    Whoever reads a run orders it by score. Of equal scores the later one is therefore written as
    the next smaller number, so that a run measures what its system did.

    Returns:
        The files, by system.

    Raises:
        StoreError: when the folder cannot be made.
        TableError: when an id holds a blank.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Cannot make {folder}: {error.strerror or error}.") from error
    files: dict[str, str] = {}
    for name, hits in results.items():
        tag = re.sub(r"[^\w.+-]+", "-", name)
        path = folder / f"{tag}.trec"
        results_of(hits, corpus, queries, tag).write_run(path)
        files[name] = str(path)
    return files


def results_of(hits: Hits, corpus: Corpus, queries: Queries, tag: str) -> Candidates:
    """What a system found: whole documents, no two of a query with equal scores."""
    line, place = np.nonzero(hits.positions >= 0)
    names, ids = queries["query_id"], corpus["doc_id"]
    found = Candidates.columns(
        query_id=[names[row] for row in line.tolist()],
        doc_id=[ids[row] for row in hits.positions[line, place].tolist()],
        rank=place + 1,
        score=falling(hits.scores)[line, place],
        is_source=[False] * len(line),
        miner=[tag] * len(line),
    )
    return fold(found, corpus)


def falling(scores: Floats) -> Floats:
    """Scores (Q, K), best first, each below the one before it."""
    made = np.array(scores, dtype=np.float32)
    for column in range(1, made.shape[1]):
        before = np.nextafter(made[:, column - 1], np.float32(-np.inf))
        made[:, column] = np.minimum(made[:, column], before)
    return made
