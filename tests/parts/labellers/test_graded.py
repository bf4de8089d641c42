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


def test_both_orders_are_asked_and_their_mean_is_the_value() -> None:
    writer = Recorded(answers=(("A one", '{"grade": 3}'),))
    ctx = Context(engine=FakeEngine())
    labels = Graded(writer=writer, swapped=True)(CORPUS, QUERIES, CANDIDATES, ctx)
    assert len(writer.asked) == 2 * len(CANDIDATES)
    first, second = writer.asked[0], writer.asked[len(CANDIDATES)]
    assert first.index("which") < first.index("A one")
    assert second.index("A one") < second.index("which")
    assert labels["value"] == [3.0]


class Leaning(Recorded):
    """Grades one more where it reads the document first, and is silent about one there."""

    def write(self, prompts, *, count, seed):
        first = self.form.name == "graded_swapped"
        answers = [
            ("A one", f'{{"grade": {2 + first}}}'),
            ("B two", "" if first else '{"grade": 1}'),
        ]
        return Recorded(answers=tuple(answers)).write(prompts, count=count, seed=seed)


def test_where_one_order_has_no_verdict_the_other_stands_alone() -> None:
    ctx = Context(engine=FakeEngine())
    labels = Graded(writer=Leaning(), swapped=True)(CORPUS, QUERIES, CANDIDATES, ctx)
    assert dict(zip(labels["doc_id"], labels["value"], strict=True)) == {"a": 2.5, "b": 1.0}
    assert ctx.notes["between both orders"] == {"grades on the mean": 1.0}
