"""Diagnosis: what the labels look like, where they look wrong, and which miner found what.

Shapes: N pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.parts.evaluators.significance import Numbers
from acclimate.tables import Candidates, Corpus, Labels, Queries

BINS = 40
EXAMPLES = 8
TOP = 3
"""Ranks by the teacher that count as found by a miner."""
REACH = 2.0
"""Cosines differ by at most this."""
HOPELESS = 0.5
"""Share of a query's candidates above its source from which the query itself is suspected."""


@dataclass(frozen=True, eq=False)
class Margin:
    """The source document's value less another's, for one query."""

    query: int
    source: str
    other: str
    value: float


def labels_told(corpus: Corpus, queries: Queries, labels: Labels) -> dict[str, Any]:
    """Histograms of values and margins, and the margins below zero with examples."""
    values = labels.array("value").astype(np.float64)
    told: dict[str, Any] = {
        "rows": len(labels),
        "teachers": dict(Counter(labels["teacher"])),
        "values": histogram(values),
        "margins": None,
        "beyond": None,
        "negative_share": None,
        "source_first_share": None,
        "suspects": None,
    }
    by_query = _by_query(labels)
    margins, ranks = _margins(queries, by_query)
    if not margins:
        return told
    sizes = np.asarray([m.value for m in margins])
    told["margins"] = histogram(sizes)
    told["beyond"] = float((np.abs(sizes) > REACH).mean())
    told["negative_share"] = float((sizes < 0).mean())
    told["source_first_share"] = float(np.mean([share == 0 for share in ranks.values()]))
    told["suspects"] = _suspects(corpus, queries, margins, ranks)
    return told


def histogram(values: Numbers) -> dict[str, Any]:
    """Counts in equal bins between the 0.5th and 99.5th percentile, outliers in the end bins."""
    values = values[np.isfinite(values)]
    if not len(values):
        return {"edges": [], "counts": [], "mean": None, "spread": None}
    low, high = np.percentile(values, [0.5, 99.5])
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(np.clip(values, low, high), bins=BINS, range=(low, high))
    return {
        "edges": [round(float(e), 5) for e in edges],
        "counts": counts.tolist(),
        "mean": float(values.mean()),
        "spread": float(values.std()),
    }


def miners_told(candidates: Candidates, labels: Labels) -> list[dict[str, Any]]:
    """Per miner: candidates found, those nobody else found, and those the teacher rates high."""
    best = _teachers_best(labels)
    found: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    liked: Counter[str] = Counter()
    rows = zip(candidates["query_id"], candidates["doc_id"], candidates["miner"], strict=True)
    for query, doc, joined in rows:
        names = joined.split("+")
        for name in names:
            found[name] += 1
            alone[name] += len(names) == 1
            liked[name] += (query, doc) in best
    total = max(len(candidates), 1)
    return [
        {
            "miner": name,
            "found": count,
            "share": count / total,
            "alone": alone[name],
            "best": liked[name],
            "best_share": liked[name] / len(best) if best else None,
        }
        for name, count in found.most_common()
    ]


def kinds_told(queries: Queries) -> list[dict[str, Any]]:
    """How many queries of each kind train and are held out, with examples."""
    counts = Counter(zip(queries["kind"], queries["split"], strict=True))
    examples: dict[str | None, list[str]] = {}
    for kind, text in zip(queries["kind"], queries["text"], strict=True):
        shown = examples.setdefault(kind, [])
        if len(shown) < TOP:
            shown.append(text[:160])
    return [
        {
            "kind": kind or "unnamed",
            "train": counts[kind, "train"],
            "heldout": counts[kind, "heldout"],
            "examples": shown,
        }
        for kind, shown in examples.items()
    ]


def _by_query(labels: Labels) -> dict[str, dict[str, float]]:
    result: dict[str, dict[str, float]] = {}
    rows = zip(labels["query_id"], labels["doc_id"], labels["value"], strict=True)
    for query, doc, value in rows:
        result.setdefault(query, {})[doc] = value
    return result


def _margins(
    queries: Queries, by_query: Mapping[str, Mapping[str, float]]
) -> tuple[list[Margin], dict[int, float]]:
    """All margins, and per query the share of its candidates that the teacher puts first."""
    margins, ranks = [], {}
    rows = zip(queries["query_id"], queries["source_doc_id"], strict=True)
    for row, (query, source) in enumerate(rows):
        values = by_query.get(query, {})
        if source not in values or len(values) < 2:
            continue
        own = [
            Margin(row, source, doc, values[source] - value)
            for doc, value in values.items()
            if doc != source
        ]
        margins += own
        ranks[row] = sum(m.value < 0 for m in own) / len(own)
    return margins, ranks


def _suspects(
    corpus: Corpus, queries: Queries, margins: list[Margin], ranks: Mapping[int, float]
) -> dict[str, Any]:
    """The most negative margin of each query, as a bad query or as a false negative.

    Where many documents beat the source, the query probably does not fit the document it was
    written from; where only few do, they probably answer it as well.
    """
    worst: dict[int, Margin] = {}
    for margin in margins:
        if margin.value < 0 and margin.value < worst.get(margin.query, margin).value + 1e-12:
            worst[margin.query] = margin
    ordered = sorted(worst.values(), key=lambda m: m.value)
    bad = [m for m in ordered if ranks[m.query] >= HOPELESS]
    twins = [m for m in ordered if ranks[m.query] < HOPELESS]
    return {
        "bad_queries": len(bad),
        "false_negatives": len(twins),
        "queries": len(ranks),
        "bad_examples": [_shown(corpus, queries, m) for m in bad[:EXAMPLES]],
        "false_examples": [_shown(corpus, queries, m) for m in twins[:EXAMPLES]],
    }


def _shown(corpus: Corpus, queries: Queries, margin: Margin) -> dict[str, Any]:
    texts = corpus.take(sorted({corpus.position[margin.source], corpus.position[margin.other]}))
    shown = {row["doc_id"]: f"{row['title']} {row['text']}".strip()[:240] for row in texts.dicts()}
    return {
        "query": queries.take([margin.query])["text"][0],
        "margin": margin.value,
        "source": {"doc_id": margin.source, "text": shown[margin.source]},
        "other": {"doc_id": margin.other, "text": shown[margin.other]},
    }


def _teachers_best(labels: Labels) -> set[tuple[str, str]]:
    best = set()
    for query, values in _by_query(labels).items():
        for doc in sorted(values, key=lambda d: -values[d])[:TOP]:
            best.add((query, doc))
    return best
