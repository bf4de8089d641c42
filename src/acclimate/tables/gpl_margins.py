"""UKPLab/gpl's margins: differences of teacher scores, to values per document and back.

A line of `gpl-training-data.tsv` says: for this query the teacher rates the positive so much
higher than the negative. A loss on margins needs only differences, so one document of each query
may be called zero: the first positive. Then a negative's value is minus its margin, and another
positive's value follows from a negative that both were compared with. Where margins contradict
each other (a rescaled file, another teacher's lines mixed in), the values are the least-squares
ones and the query is counted; documents that no chain of margins ties to the first positive
cannot be placed and are counted too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from acclimate.errors import TableError
from acclimate.tables.formats.lines import read_lines
from acclimate.tables.formats.record import Origin
from acclimate.tables.intake import Tally
from acclimate.tables.labels import Labels

TOLERANCE = 1e-3
"""Margins that differ by more contradict each other; less is rounding in the file."""
CHUNK = 65_536


def read_margins(path: Path, teacher: str) -> Labels:
    """Labels whose differences are the file's margins.

    Args:
        path: `gpl-training-data.tsv`: query, positive, negative, margin; no header.
        teacher: what to call who rated them; the file does not say.

    Raises:
        TableError: when a line cannot be read.
    """
    tally = Tally()
    pairs = _mean_margins(path, tally)
    single, several = _apart(pairs)
    tables = [_from_one_positive(single)]
    for query, triples in _grouped(several):
        values = _solved(triples, f"query {query!r}", tally)
        tables.append(
            pa.table(
                {
                    "query_id": [query] * len(values),
                    "doc_id": list(values),
                    "value": list(values.values()),
                }
            )
        )
    rows = pa.concat_tables(tables)
    tally.kept = rows.num_rows
    names = pa.array([teacher] * rows.num_rows, pa.string())
    return Labels(rows.append_column("teacher", names)).with_intake(tally.intake())


def _mean_margins(path: Path, tally: Tally) -> pa.Table:
    """query, positive, negative, margin: each triple once, in the order of the file."""
    origin = Origin(path.name)
    columns: tuple[list[Any], ...] = ([], [], [], [])
    chunks = []
    for number, line in read_lines(path, origin, tally):
        if not line:
            continue
        tally.read += 1
        for column, value in zip(columns, _parsed(line, origin, number), strict=True):
            column.append(value)
        if len(columns[0]) == CHUNK:
            chunks.append(_triples(*columns))
            columns = ([], [], [], [])
    rows = pa.concat_tables([*chunks, _triples(*columns)])
    keys = ["query", "positive", "negative"]
    grouped = rows.group_by(keys, use_threads=False).aggregate(
        [("margin", "mean"), ("margin", "min"), ("margin", "max")]
    )
    apart = pc.greater(pc.subtract(grouped["margin_max"], grouped["margin_min"]), TOLERANCE)
    for row in grouped.filter(apart).select(keys).to_pylist():
        tally.count(
            "several margins for one pair: averaged",
            f"query {row['query']!r}, {row['positive']!r} over {row['negative']!r}",
        )
    return grouped.select([*keys, "margin_mean"]).rename_columns([*keys, "margin"])


def _parsed(line: str, origin: Origin, number: int) -> tuple[str, str, str, float]:
    values = line.split("\t")
    if len(values) != 4:
        raise TableError(
            f"{origin.place(number)}: {len(values)} values between tabs; a line has "
            "4: query, positive, negative, margin."
        )
    try:
        margin = float(values[3])
    except ValueError:
        margin = float("nan")
    if not np.isfinite(margin):
        raise TableError(
            f"{origin.place(number)}: the margin must be a number; there is "
            f"{values[3]!r}. Fix the line or remove it."
        )
    if values[1] == values[2]:
        raise TableError(
            f"{origin.place(number)}: {values[1]!r} is compared with itself. Remove the line."
        )
    return values[0], values[1], values[2], margin


def _triples(*columns: list[Any]) -> pa.Table:
    kinds = {
        "query": pa.string(),
        "positive": pa.string(),
        "negative": pa.string(),
        "margin": pa.float64(),
    }
    return pa.table(
        [pa.array(values, kind) for values, kind in zip(columns, kinds.values(), strict=True)],
        list(kinds),
    )


def _apart(pairs: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The pairs of queries with one positive, and those of queries with several."""
    positives = pairs.group_by("query", use_threads=False).aggregate(
        [("positive", "count_distinct")]
    )
    several = positives.filter(pc.greater(positives["positive_count_distinct"], 1))["query"]
    mask = pc.is_in(pairs["query"], value_set=several.combine_chunks())
    return pairs.filter(pc.invert(mask)), pairs.filter(mask)


def _from_one_positive(pairs: pa.Table) -> pa.Table:
    """Zero for the positive, minus the margin for each negative."""
    sources = pairs.group_by("query", use_threads=False).aggregate([("positive", "first")])
    zero = pa.table(
        {
            "query_id": sources["query"],
            "doc_id": sources["positive_first"],
            "value": pa.array(np.zeros(len(sources)), pa.float64()),
        }
    )
    others = pa.table(
        {
            "query_id": pairs["query"],
            "doc_id": pairs["negative"],
            "value": pc.negate(pairs["margin"]),
        }
    )
    return pa.concat_tables([zero, others])


def _grouped(pairs: pa.Table) -> Iterator[tuple[str, list[tuple[str, str, float]]]]:
    groups: dict[str, list[tuple[str, str, float]]] = {}
    for row in pairs.to_pylist():
        groups.setdefault(row["query"], []).append(
            (row["positive"], row["negative"], row["margin"])
        )
    yield from groups.items()


def _solved(triples: list[tuple[str, str, float]], place: str, tally: Tally) -> dict[str, float]:
    """Values of the documents tied to the first positive, which is zero."""
    first = triples[0][0]
    tied = _tied(triples, first)
    documents = {name: n for n, name in enumerate(tied)}
    for name in dict.fromkeys(d for t in triples for d in t[:2] if d not in documents):
        tally.count("no chain of margins to the first positive: left out", f"{place}, {name!r}")
    kept = [t for t in triples if t[0] in documents]
    differences = np.zeros((len(kept) + 1, len(documents)))
    margins = np.zeros(len(kept) + 1)
    for row, (positive, negative, margin) in enumerate(kept):
        differences[row, documents[positive]] = 1
        differences[row, documents[negative]] = -1
        margins[row] = margin
    differences[-1, 0] = 1  # the first positive is zero
    values = np.linalg.lstsq(differences, margins, rcond=None)[0]
    if np.abs(differences @ values - margins).max() > TOLERANCE:
        tally.count("margins that contradict each other: least squares", place)
    return {name: float(values[n] - values[0]) for name, n in documents.items()}


def _tied(triples: list[tuple[str, str, float]], first: str) -> list[str]:
    """Documents reached from the first through pairs, nearest first."""
    beside: dict[str, list[str]] = {}
    for positive, negative, _ in triples:
        beside.setdefault(positive, []).append(negative)
        beside.setdefault(negative, []).append(positive)
    found = {first: None}
    waiting = [first]
    for name in waiting:
        for other in beside[name]:
            if other not in found:
                found[other] = None
                waiting.append(other)
    return list(found)
