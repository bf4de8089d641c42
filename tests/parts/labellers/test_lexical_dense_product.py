"""LexicalDenseProduct: BM25 times the cosine as a label. [035]"""

from typing import Any, cast

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import LexicalDense
from acclimate.models.student import Student
from acclimate.parts.labellers import LexicalDenseProduct
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEncoder, FakeEngine

THINGS: dict[type, Any] = samples.things()
START = cast(Dense, FakeEncoder(salt="start"))
STUDENT = Student(encoder=cast(Dense, FakeEncoder(salt="now")), base=START)
TABLES = (THINGS[Corpus], THINGS[Queries], THINGS[Candidates])


def test_a_label_is_the_indexs_own_score_with_the_vectors_the_student_started_from() -> None:
    labels = LexicalDenseProduct(depth=5)(*TABLES, STUDENT, Context(engine=FakeEngine()))
    corpus, queries, candidates = TABLES
    assert labels["doc_id"] == candidates["doc_id"]
    for row in labels.dicts()[:12]:
        text = queries["text"][queries.position[row["query_id"]]]
        among = np.array([[corpus.position[row["doc_id"]]]])
        index = LexicalDense(START, depth=5)
        hits = FakeEngine().search(index, corpus.contents, [text], among=among)
        assert row["value"] == pytest.approx(float(hits.scores[0, 0]), abs=1e-5)


def test_another_encoder_may_be_given() -> None:
    other = cast(Dense, FakeEncoder(salt="other"))
    one, two = (
        part(*TABLES, STUDENT, Context(engine=FakeEngine()))
        for part in (LexicalDenseProduct(), LexicalDenseProduct(encoder=other))
    )
    assert one["value"] != two["value"]
    assert set(two["teacher"]) == {"lexical dense"}
