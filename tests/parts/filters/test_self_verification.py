"""SelfVerification [016] [112]: what is not what it was meant to be, looked at again."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import SelfVerification
from acclimate.parts.part import Context
from acclimate.tables import Drafts, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

QUERIES = Queries.of([{"query_id": "q", "text": "why do bees dance", "split": "train"}])
DRAFTS = Drafts.of(
    {"query_id": query, "doc_id": f"draft:{text}", "text": text, "value": value, "kind": "k"}
    for query, text, value in (
        ("q", "right", 1.0), ("q", "made up", 1.0), ("q", "silent", 1.0),
        ("q", "harmless", 0.0), ("q", "answers after all", 0.0), ("gone", "right", 1.0),
    )
)  # fmt: skip
JUDGE = Recorded(
    answers=(
        ("right", '{"relevant": true}'), ("made up", '{"relevant": false}'),
        ("harmless", '{"relevant": false}'),
        ("answers after all", '{"relevant": true, "chances": {"true": 0.6, "false": 0.4}}'),
    )
)  # fmt: skip


def kept(**settings) -> tuple[dict, dict]:
    ctx = Context(engine=FakeEngine())
    drafts = SelfVerification(writer=JUDGE, **settings)(QUERIES, DRAFTS, ctx)
    return dict(zip(drafts["text"], drafts["value"], strict=True)), ctx.notes["verified"]


def test_a_positive_that_fails_moves_to_the_negatives() -> None:
    """[016] "no" relabels."""
    found, told = kept()
    assert found == {"right": 1.0, "made up": 0.0, "harmless": 0.0, "answers after all": 0.0}
    assert told == {
        "looked at": 3, "meant to be relevant and not": 1, "not meant to be and relevant": 0,
        "no verdict": 1,
    }  # fmt: skip


def test_of_all_drafts_only_the_consistent_stay() -> None:
    """[112] by the probability of "true" and ½."""
    found, told = kept(check="all", on_fail="drop")
    assert found == {"right": 1.0, "harmless": 0.0}
    assert told["not meant to be and relevant"] == 1


def test_a_higher_threshold_believes_less() -> None:
    found, _ = kept(check="all", on_fail="drop", threshold=0.7)
    assert found == {"right": 1.0, "harmless": 0.0, "answers after all": 0.0}


def test_looking_again_changes_nothing() -> None:
    part = SelfVerification(writer=JUDGE)
    once = part(QUERIES, DRAFTS, Context(engine=FakeEngine()))
    assert part(QUERIES, once, Context(engine=FakeEngine())).digest == once.digest


@pytest.mark.parametrize("threshold", [0.0, 1.5])
def test_a_threshold_that_is_no_probability_is_refused(threshold: float) -> None:
    with pytest.raises(RecipeError, match="above 0 and at most 1"):
        SelfVerification(writer=JUDGE, threshold=threshold)
