"""JudgeFilter [112]: the probability of "true" among "true" and "false" decides, at ½."""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.remote.structured import chances
from acclimate.parts.filters import JudgeFilter
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(doc_id=["a"], title=[""], text=["bees dance"])
ANSWERS = (
    ("q0", '{"relevant": true, "chances": {"true": 0.9, "false": 0.1}}'),
    ("q1", '{"relevant": true, "chances": {"true": 0.45, "false": 0.55}}'),
    ("q2", '{"relevant": true}'),
    ("q3", '{"relevant": false}'),
)
QUERIES = Queries.of(
    {"query_id": f"q{n}", "text": f"q{n}", "source_doc_id": None if n == 5 else "a",
     "split": "train"}
    for n in range(6)
)  # fmt: skip


def test_by_probability_where_there_is_one_else_by_the_verdict() -> None:
    ctx = Context(engine=FakeEngine())
    kept = JudgeFilter(writer=Recorded(answers=ANSWERS))(CORPUS, QUERIES, ctx)
    assert kept["query_id"] == ["q0", "q2", "q5"]
    assert ctx.notes["dropped"] == {"not met by its document": 2, "no verdict": 1}


def test_a_higher_threshold_keeps_less() -> None:
    part = JudgeFilter(writer=Recorded(answers=ANSWERS), threshold=0.95)
    kept = part(CORPUS, QUERIES, Context(engine=FakeEngine()))
    assert kept["query_id"] == ["q2", "q5"]


def test_the_probability_is_a_softmax_over_the_two_words() -> None:
    """[112] logits 2 for "true" and 1 for "false": 1 / (1 + e⁻¹) = 0.7311, above ½."""
    tops = [('{"relevant": ', {}), ("true", {"true": 2.0 - 5, "false": 1.0 - 5, "x": -0.01})]
    found = chances(load("relevant").form, tops)
    assert found == {"true": pytest.approx(0.7311), "false": pytest.approx(0.2689)}


@pytest.mark.parametrize("threshold", [0.0, 1.1])
def test_a_threshold_that_is_no_probability_is_refused(threshold: float) -> None:
    with pytest.raises(RecipeError, match="above 0 and at most 1"):
        JudgeFilter(writer=Recorded(), threshold=threshold)
