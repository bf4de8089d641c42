"""What labels look like, and where they look wrong: on six pairs."""

from __future__ import annotations

import numpy as np

from acclimate.pipeline.diagnosis import histogram, kinds_told, labels_told, miners_told
from acclimate.tables import Candidates, Labels
from acclimate.testing import toys

VALUES = {
    ("w-bees", "bees"): 5.0, ("w-bees", "compost"): 6.0, ("w-bees", "tomatoes"): 1.0,
    ("w-bees", "rice"): 2.0,
    ("w-chain", "chain"): 1.0, ("w-chain", "brakes"): 4.0, ("w-chain", "puncture"): 3.0,
    ("w-moon", "moon"): 9.0, ("w-moon", "tides"): 2.0,
}  # fmt: skip
LABELS = Labels.of(
    {"query_id": q, "doc_id": d, "value": v, "teacher": "t"} for (q, d), v in VALUES.items()
)


def test_margins_below_zero_are_bad_queries_or_false_negatives() -> None:
    told = labels_told(toys.CORPUS, toys.WRITTEN, LABELS)
    # bees: -1, 4, 3. chain: -3, -2. moon: 7.
    assert told["negative_share"] == 3 / 6
    assert told["source_first_share"] == 1 / 3
    suspects = told["suspects"]
    assert (suspects["bad_queries"], suspects["false_negatives"], suspects["queries"]) == (1, 1, 3)
    bad, twin = suspects["bad_examples"][0], suspects["false_examples"][0]
    assert (bad["source"]["doc_id"], bad["other"]["doc_id"], bad["margin"]) == (
        "chain", "brakes", -3.0,
    )  # fmt: skip
    assert (twin["source"]["doc_id"], twin["other"]["doc_id"], twin["margin"]) == (
        "bees", "compost", -1.0,
    )  # fmt: skip
    assert "wears the teeth" in bad["source"]["text"]


def test_labels_without_sources_have_no_margins() -> None:
    told = labels_told(toys.CORPUS, toys.QUERIES, LABELS)
    assert told["margins"] is None
    assert told["rows"] == 9
    assert sum(told["values"]["counts"]) == 9


def test_a_miner_gets_credit_for_what_the_teacher_likes() -> None:
    rows = [("compost", "bm25"), ("tomatoes", "student"), ("rice", "bm25+student")]
    candidates = Candidates.of(
        {"query_id": "w-bees", "doc_id": d, "rank": n, "score": 0.0, "is_source": False, "miner": m}
        for n, (d, m) in enumerate(rows, 1)
    )
    found = {m["miner"]: m for m in miners_told(candidates, LABELS.where("query_id", ["w-bees"]))}
    # The teacher's best three are compost, bees and rice.
    assert [(n, m["found"], m["alone"], m["best"]) for n, m in found.items()] == [
        ("bm25", 2, 1, 2), ("student", 2, 1, 1),
    ]  # fmt: skip
    assert found["bm25"]["best_share"] == 2 / 3


def test_outliers_do_not_stretch_a_histogram() -> None:
    told = histogram(np.r_[np.linspace(0, 1, 999), 1e9])
    assert told["edges"][-1] < 2
    assert sum(told["counts"]) == 1000


def test_equal_values_have_a_histogram_too() -> None:
    told = histogram(np.full(5, 3.0))
    assert (told["edges"][0], told["edges"][-1], sum(told["counts"])) == (2.5, 3.5, 5)


def test_no_values_have_an_empty_one() -> None:
    assert histogram(np.array([np.nan]))["counts"] == []


def test_kinds_are_counted_by_split() -> None:
    rows = kinds_told(type(toys.QUERIES).joined([toys.WRITTEN, toys.QUERIES]))
    assert [(r["kind"], r["train"], r["heldout"]) for r in rows] == [
        ("sentence", 12, 0), ("human", 0, 6),
    ]  # fmt: skip
