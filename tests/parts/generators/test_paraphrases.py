"""Paraphrases [031]: a share of the training queries, drawn by their ids, in other words."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import Paraphrases
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

QUERIES = Queries.of(
    {"query_id": f"q{n}", "text": f"question {n}", "log_prob": -1.0,
     "split": "heldout" if n % 4 == 0 else "train"}
    for n in range(400)
)  # fmt: skip
WRITER = Recorded(answers=(("In other words", "said anew"),), log_probs=(-2.0,))


def said_anew(queries: Queries, share: float) -> Queries:
    return Paraphrases(writer=WRITER, share=share)(queries, Context(engine=FakeEngine()))


def test_all_that_train_or_about_half_of_them() -> None:
    changed = [t == "said anew" for t in said_anew(QUERIES, 1.0)["text"]]
    assert changed == [split == "train" for split in QUERIES["split"]]
    half = said_anew(QUERIES, 0.5)["text"].count("said anew")
    assert half == pytest.approx(150, abs=40)  # of 300, ± 4 √(300/4)


def test_ids_order_and_likelihoods_fit() -> None:
    told = said_anew(QUERIES, 0.5)
    assert told["query_id"] == QUERIES["query_id"]
    assert {(t == "said anew", p) for t, p in zip(told["text"], told["log_prob"], strict=True)} == {
        (True, -2.0), (False, -1.0),
    }  # fmt: skip
    backwards = QUERIES.take(list(reversed(range(len(QUERIES)))))
    assert said_anew(backwards, 0.5)["text"] == told["text"][::-1]


def test_a_query_without_an_answer_stays() -> None:
    part = Paraphrases(writer=Recorded(), share=1.0)
    assert part(QUERIES, Context(engine=FakeEngine()))["text"] == QUERIES["text"]


@pytest.mark.parametrize("share", [0.0, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(RecipeError, match="above 0 and at most 1"):
        Paraphrases(writer=Recorded(), share=share)
