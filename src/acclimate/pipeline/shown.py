"""Shown: the evidence as the report shows it: systems side by side, winners and losers.

Shapes: Q queries, K results.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from acclimate.parts.evaluators.ranked import HYBRID, LEXICAL
from acclimate.parts.evaluators.significance import interval
from acclimate.pipeline.evidence import ADAPTED, BASE, TEACHER, Evidence, compared

EXAMPLES = 6
"""Winners and losers."""
LETTERS = 240


def table(found: Evidence, chosen: str) -> list[dict[str, Any]]:
    """Mean and interval of each system and measure, and the difference to the base model."""
    rows = []
    for name in (LEXICAL, BASE, BASE + HYBRID, chosen, chosen + HYBRID):
        against = BASE + HYBRID if name.endswith(HYBRID) else BASE
        measures = {}
        for measure, values in found.values[name].items():
            there = values[~np.isnan(values)]
            if not len(there):
                continue
            low, high = interval(there)
            other = found.values[against][measure]
            measures[measure] = {
                "mean": float(there.mean()), "low": low, "high": high, "queries": len(there),
                "difference": None if name == against else compared(values - other),
            }  # fmt: skip
        rows.append({"system": name.replace(chosen, ADAPTED), "measures": measures})
    return rows


def per_query(found: Evidence, chosen: str) -> dict[str, Any]:
    """The queries that gained and lost most, with what base and adapted put first."""
    gain = found.gains(TEACHER)[chosen]
    order = np.argsort(-gain, kind="stable")
    winners = [q for q in order[:EXAMPLES].tolist() if gain[q] > 0]
    losers = [q for q in order[::-1][:EXAMPLES].tolist() if gain[q] < 0]
    return {
        "winners": [_shown(found, q, chosen) for q in winners],
        "losers": [_shown(found, q, chosen) for q in losers],
        "gains": [round(float(g), 4) for g in np.sort(gain)],
    }


def _shown(found: Evidence, query: int, chosen: str) -> dict[str, Any]:
    assert found.judged is not None  # noqa: S101 - measured before
    row = found.where.queries.take([query]).dicts()[0]
    told: dict[str, Any] = {"text": row["text"], "kind": row["kind"], "systems": {}}
    for name, label in ((BASE, BASE), (chosen, ADAPTED)):
        positions = found.found[name][query, :3]
        gains = found.judged.of(found.found[name][:, :3])[query]
        documents = found.where.documents.take(positions[positions >= 0]).dicts()
        told["systems"][label] = {
            "value": float(found.values[name][TEACHER][query]),
            "documents": [
                {
                    "doc_id": doc["doc_id"],
                    "text": f"{doc['title']} {doc['text']}".strip()[:LETTERS],
                    "gain": float(gain),
                    "is_source": doc["doc_id"] == row["source_doc_id"],
                }
                for doc, gain in zip(documents, gains[positions >= 0], strict=True)
            ],
        }
    return told
