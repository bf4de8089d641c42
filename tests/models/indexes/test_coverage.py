"""Coverage: BM25 as a share of what the query's words could be worth."""

from math import log

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.coverage import Coverage

DOCUMENTS = ["red apples", "green apples", "blue plums", "grey stones"]


def _rated(index: BM25 | Coverage, query: str) -> list[float]:
    among = np.arange(len(DOCUMENTS))[None]
    hits = Local(device="cpu").search(index, DOCUMENTS, [query], among=among)
    return [float(s) for s in hits.scores[0]]


def test_is_bm25_divided_by_the_sum_of_idf() -> None:
    red, apples = log(1 + 3.5 / 1.5), log(1 + 2.5 / 2.5)
    bm25 = BM25(language="en")
    expected = np.array(_rated(bm25, "red apples")) / (red + apples)
    assert _rated(Coverage(bm25), "red apples") == pytest.approx(expected.tolist(), rel=1e-5)


def test_a_word_no_document_holds_lowers_every_score() -> None:
    red, unknown = log(1 + 3.5 / 1.5), log(1 + 4.5 / 0.5)
    known = _rated(Coverage(BM25(language="en")), "red")[0]
    mixed = _rated(Coverage(BM25(language="en")), "red zebra")[0]
    assert mixed == pytest.approx(known * red / (red + unknown), rel=1e-5)


def test_scores_lie_between_0_and_1_and_stop_words_alone_give_0() -> None:
    index = Coverage(BM25(language="en"))
    for query in ("red apples", "green green plums", "the", "zebra"):
        assert all(0 <= score <= 1 for score in _rated(index, query))
    assert _rated(index, "the") == [0, 0, 0, 0]
