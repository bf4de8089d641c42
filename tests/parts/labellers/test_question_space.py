"""QuestionSpace: documents by the questions that are known of them. [082]"""

from typing import cast

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import QuestionSpace
from acclimate.parts.labellers.question_space import Pooling, pooled
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine

ENCODER = FakeEncoder()
STUDENT = Student(encoder=cast(Dense, ENCODER))
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in ("chain", "brakes", "lamp"))
ASKED = {
    "c1": ("how to oil a chain", "chain", "train"),
    "c2": ("when does a chain squeak", "chain", "train"),
    "b1": ("how to oil brakes", "brakes", "train"),
    "h1": ("how to oil a lamp", "lamp", "heldout"),
    "c3": ("How to oil a chain?", "chain", "train"),
}
QUERIES = Queries.of(
    {"query_id": q, "text": text, "source_doc_id": source, "split": split}
    for q, (text, source, split) in ASKED.items()
)


def values(query: str, pooling: Pooling = "max") -> dict[str, float]:
    found = Candidates.of(
        {"query_id": query, "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for r, d in enumerate(("chain", "brakes", "lamp"), 1)
    )
    ctx = Context(engine=FakeEngine())
    labels = QuestionSpace(pooling=pooling)(CORPUS, QUERIES, found, STUDENT, ctx)
    return dict(zip(labels["doc_id"], labels["value"], strict=True))


def like(one: str, other: str) -> float:
    engine = FakeEngine()
    query = engine.encode(ENCODER, [ASKED[one][0]], kind="query")
    stored = engine.encode(ENCODER, [ASKED[other][0]], kind="document")
    return float(query[0] @ stored[0])


def test_two_stored_questions_count_by_the_nearest_or_by_their_sum() -> None:
    """[082]: similarities .8 and .3 of the questions of P: .8 (max), 1.1 (sum)."""
    told, place = np.array([0.8, 0.3]), np.array([0, 0])
    assert pooled(told, place, 1, "max").tolist() == [0.8]
    assert pooled(told, place, 1, "sum").tolist() == pytest.approx([1.1])


def test_a_document_is_as_near_as_its_questions() -> None:
    of_brakes = {"chain": max(like("b1", "c1"), like("b1", "c2"), like("b1", "c3"))}
    assert values("b1") == pytest.approx(of_brakes, abs=1e-6)
    whole = like("b1", "c1") + like("b1", "c2") + like("b1", "c3")
    assert values("b1", "sum")["chain"] == pytest.approx(whole, abs=1e-6)


def test_a_query_and_one_of_the_same_words_do_not_vouch_for_it() -> None:
    told = values("c1")
    assert told["chain"] == pytest.approx(like("c1", "c2"), abs=1e-6)
    assert told["brakes"] == pytest.approx(like("c1", "b1"), abs=1e-6)


def test_held_out_questions_are_not_stored() -> None:
    assert "lamp" not in values("c1")
    assert set(values("h1")) == {"chain", "brakes"}


def test_what_has_no_question_is_left_out_and_counted() -> None:
    found = Candidates.of(
        [{"query_id": "b1", "doc_id": "brakes", "rank": 1, "score": 0.0, "is_source": True,
          "miner": "m"}]
    )  # fmt: skip
    ctx = Context(engine=FakeEngine())
    assert len(QuestionSpace()(CORPUS, QUERIES, found, STUDENT, ctx)) == 0
    assert ctx.notes["candidates without a stored question"] == 1


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(QuestionSpace(), folder="labellers")
