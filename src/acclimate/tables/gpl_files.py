"""UKPLab/gpl's files, both ways: its folder read into our tables, and ours written for it.

`<prefix>-queries.jsonl` and `<prefix>-qrels/train.tsv` are Queries with their sources,
`hard-negatives.jsonl` is Candidates, `gpl-training-data.tsv` is Labels (see `gpl_margins`), and
`corpus.jsonl` is the Corpus.

Origin:  UKPLab/gpl 0.1.4, gpl/train.py and its published data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.errors import TableError
from acclimate.tables.candidates import Candidates
from acclimate.tables.corpus import Corpus
from acclimate.tables.formats.jsonl import read_jsonl
from acclimate.tables.formats.record import Record
from acclimate.tables.gpl_margins import read_margins
from acclimate.tables.intake import Tally
from acclimate.tables.labels import Labels
from acclimate.tables.qrels import Qrels
from acclimate.tables.queries import Queries

NEGATIVES = "hard-negatives.jsonl"
MARGINS = "gpl-training-data.tsv"


@dataclass(frozen=True, kw_only=True)
class GplFiles:
    """What a folder of UKPLab/gpl holds; None for a file that is not there.

    Args:
        corpus: corpus.jsonl.
        queries: generated queries, each with the document it was written from.
        candidates: the source first, then the mined documents in their order.
        labels: values whose differences are the margins; the source is zero.
    """

    corpus: Corpus | None = None
    queries: Queries | None = None
    candidates: Candidates | None = None
    labels: Labels | None = None


def read_gpl(folder: str | Path, *, prefix: str = "qgen", teacher: str = "gpl") -> GplFiles:
    """The files of a folder that UKPLab/gpl made.

    Args:
        folder: its `path_to_generated_data`.
        prefix: its `qgen_prefix`.
        teacher: what to call its cross-encoder, which the files do not name.

    Raises:
        TableError: when none of its files is there, or one cannot be read.
    """
    folder = Path(folder)
    corpus, negatives = folder / "corpus.jsonl", folder / NEGATIVES
    questions, margins = folder / f"{prefix}-queries.jsonl", folder / MARGINS
    files = (corpus, questions, negatives, margins)
    if not any(path.is_file() for path in files):
        raise TableError(
            f"{folder.name!r} holds no file of UKPLab/gpl: none of "
            f"{', '.join(path.name for path in files)}. Is the prefix {prefix!r}?"
        )
    return GplFiles(
        corpus=Corpus.read(corpus, keep_duplicates=True) if corpus.is_file() else None,
        queries=read_gpl_queries(folder, prefix=prefix) if questions.is_file() else None,
        candidates=read_gpl_negatives(negatives) if negatives.is_file() else None,
        labels=read_margins(margins, teacher) if margins.is_file() else None,
    )


def read_gpl_queries(folder: str | Path, *, prefix: str = "qgen") -> Queries:
    """Generated queries with their source documents, from the queries and the train qrels.

    A query judged for several documents keeps the first as its source; the rest are counted.
    """
    folder = Path(folder)
    queries = Queries.read(folder / f"{prefix}-queries.jsonl", kind=prefix)
    qrels = Qrels.read(folder / f"{prefix}-qrels" / "train.tsv")
    tally = Tally()
    tally.read = tally.kept = len(queries)
    sources: dict[str, str] = {}
    for query, document, grade in zip(
        qrels["query_id"], qrels["doc_id"], qrels["grade"], strict=True
    ):
        if grade > 0 and sources.setdefault(query, document) != document:
            tally.count("several sources: the first taken", f"query {query!r}")
    for query in queries["query_id"]:
        if query not in sources:
            tally.count("no source in the qrels", f"query {query!r}")
    return Queries.columns(
        query_id=queries["query_id"],
        text=queries["text"],
        kind=queries["kind"],
        source_doc_id=[sources.get(query) for query in queries["query_id"]],
        split=queries["split"],
    ).with_intake(tally.intake())


def read_gpl_negatives(path: str | Path) -> Candidates:
    """Candidates from hard-negatives.jsonl.

    The file has no scores: a candidate's score is one over its rank, which keeps the order. The
    positives come first and are marked; then the negatives by their best place in any
    retriever's list, each found by one or more retrievers (joined by `+`).
    """
    tally = Tally()
    columns: tuple[list[Any], ...] = ([], [], [], [], [])
    for record in read_jsonl(Path(path), Path(path).name, tally):
        tally.read += 1
        query, positives, negatives = _negatives(record)
        found = [(document, True, "source") for document in positives]
        found += [(document, False, miner) for document, miner in _merged(negatives, positives)]
        for rank, (document, is_source, miner) in enumerate(found, start=1):
            row = (query, document, rank, is_source, miner)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
        tally.kept += 1
    queries, documents, ranks, sources, miners = columns
    return Candidates.columns(
        query_id=queries,
        doc_id=documents,
        rank=ranks,
        is_source=sources,
        miner=miners,
        score=[1 / rank for rank in ranks],
    ).with_intake(tally.intake())


def write_gpl(
    folder: str | Path,
    *,
    corpus: Corpus | None = None,
    queries: Queries | None = None,
    candidates: Candidates | None = None,
    labels: Labels | None = None,
    prefix: str = "qgen",
    seed: int = 0,
) -> None:
    """Write the tables as UKPLab/gpl's files, so that it can go on from them.

    Args:
        folder: its `path_to_generated_data`; made when it is not there.
        corpus: becomes corpus.jsonl.
        queries: become the queries and the train qrels; needed for the other two, which ask
            which document is the source.
        candidates: become hard-negatives.jsonl, by retriever.
        labels: become gpl-training-data.tsv: each document against the source of its query, in
            an order drawn from `seed`, since gpl itself does not shuffle.
        prefix: its `qgen_prefix`.
        seed: of that order.

    Raises:
        TableError: when an id holds a tab or a line end, when queries are missing, when labels
            are by several teachers.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if queries is None and (candidates is not None or labels is not None):
        raise TableError(
            "write_gpl needs queries beside candidates or labels: they say which "
            "document is the source of each query."
        )
    if corpus is not None:
        rows = zip(corpus["doc_id"], corpus["title"], corpus["text"], strict=True)
        _write_jsonl(
            folder / "corpus.jsonl",
            ({"_id": i, "title": title, "text": text} for i, title, text in rows),
        )
    if queries is None:
        return
    sources = _sources(queries)
    rows_of_queries = zip(queries["query_id"], queries["text"], strict=True)
    _write_jsonl(
        folder / f"{prefix}-queries.jsonl",
        ({"_id": i, "text": text, "metadata": {}} for i, text in rows_of_queries),
    )
    (folder / f"{prefix}-qrels").mkdir(exist_ok=True)
    _write_tsv(
        folder / f"{prefix}-qrels" / "train.tsv",
        [("query-id", "corpus-id", "score"), *((q, d, "1") for q, d in sources.items())],
    )
    if candidates is not None:
        _write_jsonl(folder / NEGATIVES, _by_query(candidates, sources))
    if labels is not None:
        lines = list(_margins(labels, sources))
        order = np.random.default_rng(seed).permutation(len(lines))
        _write_tsv(folder / MARGINS, [lines[n] for n in order])


def _negatives(record: Record) -> tuple[str, list[str], dict[str, list[str]]]:
    fields = record.fields
    query, positives, negatives = (fields.get(name) for name in ("qid", "pos", "neg"))
    if query is None or not isinstance(positives, list) or not isinstance(negatives, dict):
        raise TableError(
            f'{record.place}: a row must be {{"qid": …, "pos": [ids], "neg": {{retriever: '
            f"[ids]}}}}; its fields are {', '.join(map(repr, fields)) or 'none'}."
        )
    return (
        str(query),
        [str(p) for p in dict.fromkeys(positives)],
        {str(name): [str(n) for n in found] for name, found in negatives.items()},
    )


def _merged(negatives: dict[str, list[str]], positives: list[str]) -> Iterator[tuple[str, str]]:
    """Each document once with its retrievers, by its best place in any of their lists."""
    miners: dict[str, list[str]] = {}
    best: dict[str, int] = {}
    for miner, found in negatives.items():
        for place, document in enumerate(dict.fromkeys(found)):
            miners.setdefault(document, []).append(miner)
            best[document] = min(place, best.get(document, place))
    for document in sorted(best, key=lambda name: best[name]):
        if document not in positives:
            yield document, "+".join(miners[document])


def _sources(queries: Queries) -> dict[str, str]:
    sources = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    without = [query for query, source in sources.items() if source is None]
    if without:
        raise TableError(
            f"Query {without[0]!r} has no source document ({len(without)} have "
            "none); gpl needs one for each. Leave them out: queries.keep(…)."
        )
    return {str(query): str(source) for query, source in sources.items()}


def _by_query(candidates: Candidates, sources: dict[str, str]) -> Iterator[dict[str, object]]:
    found: dict[str, dict[str, list[str]]] = {}
    columns = (candidates[name] for name in ("query_id", "rank", "doc_id", "miner"))
    for query, _, document, miner in sorted(zip(*columns, strict=True), key=lambda row: row[:2]):
        lists = found.setdefault(query, {})
        for name in miner.split("+") if document != sources.get(query) else ():
            lists.setdefault(name, []).append(document)
    for query in dict.fromkeys(candidates["query_id"]):
        if query in sources:
            yield {"qid": query, "pos": [sources[query]], "neg": found[query]}


def _margins(labels: Labels, sources: dict[str, str]) -> Iterator[tuple[str, ...]]:
    teachers = sorted(set(labels["teacher"]))
    if len(teachers) > 1:
        raise TableError(
            f"The labels are by {len(teachers)} teachers ({', '.join(teachers)}), "
            "and a margin is by one. Choose: labels.where('teacher', [name])."
        )
    columns = [labels[name] for name in ("query_id", "doc_id", "value")]
    base = {
        query: value
        for query, document, value in zip(*columns, strict=True)
        if document == sources.get(query)
    }
    for query, document, value in zip(*columns, strict=True):
        if query in sources and document != sources[query]:
            if query not in base:
                raise TableError(
                    f"The source {sources[query]!r} of query {query!r} has no label, "
                    "so its margins are unknown. Label it too, or leave it out."
                )
            yield query, sources[query], document, f"{base[query] - value:.9g}"


def _write_jsonl(path: Path, rows: Iterable[dict[str, object]]) -> None:
    _write(path, (json.dumps(row, ensure_ascii=False) for row in rows))


def _write_tsv(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    def lines() -> Iterator[str]:
        for row in rows:
            for value in row:
                if any(end in value for end in "\t\r\n"):
                    raise TableError(
                        f"{path.name} cannot hold the id {value!r}: a tab or line "
                        "end in it would break the file. Rename it."
                    )
            yield "\t".join(row)

    _write(path, lines())


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write lines atomically: the file is whole or not there."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in lines)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
