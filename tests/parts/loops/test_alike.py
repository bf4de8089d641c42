"""Alike: copies, and readings of one document."""

import numpy as np
import pytest

from acclimate.parts.loops._alike import alike, asks_strangers
from acclimate.parts.losses import InBatchMarginMSE, InfoNCE, MannWhitney, SummedSimilarity
from acclimate.tables import Corpus

CORPUS = Corpus.of(
    {"doc_id": d, "title": "", "text": text, "parent_id": parent}
    for d, text, parent in (
        ("a", "Warm milk. And bread.", None),
        ("b", "warm milk and bread", None),
        ("c", "cold milk", "whole"),
        ("d", "cold bread", "whole"),
        ("a as read for q", "And bread.", "a"),
        ("c as read for r", "milk", "c"),
    )
)


def test_copies_and_readings_are_alike_and_pieces_of_one_document_are_not() -> None:
    number = alike(CORPUS, np.arange(6))
    assert len(set(number[[0, 1, 4]])) == 1
    assert len(set(number[[2, 5]])) == 1
    assert len(set(number)) == 3


def test_only_those_that_are_compared_are_read() -> None:
    assert alike(CORPUS, np.array([1, 2])).tolist() == list(range(6))


@pytest.mark.parametrize(
    ("loss", "asks"),
    [
        (InfoNCE(in_batch=True), True),
        (MannWhitney(), True),
        (InfoNCE(), False),
        (InBatchMarginMSE(), False),
        (SummedSimilarity(), False),
    ],
    ids=["InfoNCE in a batch", "MannWhitney", "InfoNCE", "InBatchMarginMSE", "SummedSimilarity"],
)
def test_a_loss_asks_strangers_where_it_wants_documents_without_a_label(loss, asks: bool) -> None:
    assert asks_strangers(loss) == asks
