"""Graded: the grade to be expected, or the grade said; none where there is no verdict."""

import pytest

from acclimate.parts.labellers import Graded
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(doc_id=["a", "b", "c"], title=[""] * 3, text=["A one", "B two", "C three"])
QUERIES = Queries.of([{"query_id": "q", "text": "which", "split": "train"}])
CANDIDATES = Candidates.of(
    {"query_id": "q", "doc_id": d, "rank": n, "score": 0.0, "is_source": d == "a", "miner": "m"}
    for n, d in enumerate("abc", 1)
)
WRITER = Recorded(
    answers=(
        ("A one", '{"grade": 3, "chances": {"0": 0.1, "1": 0.1, "2": 0.1, "3": 0.7}}'),
        ("B two", '{"grade": 1}'),
    )
)


def test_the_value_is_the_expected_grade_where_probabilities_are_known() -> None:
    labels = Graded(writer=WRITER)(CORPUS, QUERIES, CANDIDATES, Context(engine=FakeEngine()))
    assert labels["doc_id"] == ["a", "b"]
    # 0·0.1 + 1·0.1 + 2·0.1 + 3·0.7 = 2.4
    assert labels["value"] == pytest.approx([2.4, 1.0])


def test_or_the_grade_that_was_said() -> None:
    part = Graded(writer=WRITER, expected=False)
    labels = part(CORPUS, QUERIES, CANDIDATES, Context(engine=FakeEngine()))
    assert labels["value"] == [3.0, 1.0]


def test_what_is_rounded_is_scaled_to_one() -> None:
    answer = '{"grade": 3, "chances": {"0": 0.0, "1": 0.0, "2": 0.4, "3": 0.4}}'
    part = Graded(writer=Recorded(answers=(("A one", answer),)))
    labels = part(CORPUS, QUERIES, CANDIDATES, Context(engine=FakeEngine()))
    assert labels["value"] == pytest.approx([2.5])  # (2·0.4 + 3·0.4) / 0.8
