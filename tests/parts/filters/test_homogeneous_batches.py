"""HomogeneousBatches: a batch holds queries of one kind. [075] [110]"""

from collections import Counter

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import HomogeneousBatches
from acclimate.parts.loops._groups import Turns
from acclimate.parts.part import Context
from acclimate.tables import Queries


def queries(**counts: int) -> Queries:
    """So many training queries of each kind, and two held out, all mixed up."""
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    rows = [(f"{kind}{n}", kind, "train") for n, kind in enumerate(kinds)]
    rows += [("h1", "title", "heldout"), ("h2", "question", "heldout")]
    mixed = np.random.default_rng(0).permutation(len(rows))
    return Queries.of(
        {"query_id": rows[n][0], "text": "?", "kind": rows[n][1], "split": rows[n][2]}
        for n in mixed
    )


def test_every_batch_holds_one_kind() -> None:
    """[110] [075] In the order in which `loops.Fit` draws, turn after turn."""
    kept = HomogeneousBatches(size=4)(queries(title=10, question=17, sentence=4), Context())
    train = kept.of_split("train")
    turns = Turns(len(train), seed=1, topics=train.array("topic").astype(np.int64))
    drawn, _ = turns.at(np.arange(3 * len(train)))
    kinds = np.asarray(train["kind"])[drawn].reshape(-1, 4)
    assert (kinds == kinds[:, :1]).all()
    assert Counter(train["kind"]) == {"title": 8, "question": 16, "sentence": 4}


def test_what_fills_no_batch_is_left_out_and_told() -> None:
    ctx = Context()
    kept = HomogeneousBatches(size=8)(queries(title=10, question=3), ctx)
    assert Counter(kept["kind"]) == {"title": 9, "question": 1}  # one of each is held out
    assert ctx.notes["dropped"] == {"of a kind that fills no further batch": 2 + 3}
    assert ctx.notes["topics"] == 1


def test_held_out_queries_stay_without_a_topic_and_order_is_kept() -> None:
    given = queries(title=8)
    kept = HomogeneousBatches(size=4)(given, Context())
    assert kept["query_id"] == given["query_id"]
    held = kept.of_split("heldout")
    assert held["topic"] == [None, None]
    assert sorted(t for t in kept["topic"] if t is not None) == [0] * 4 + [1] * 4


def test_queries_without_a_kind_are_a_kind() -> None:
    rows = [{"query_id": f"q{n}", "text": "?", "split": "train"} for n in range(5)]
    kept = HomogeneousBatches(size=2)(Queries.of(rows), Context())
    assert sorted(kept["topic"]) == [0, 0, 1, 1]


def test_topics_of_nothing_are_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        HomogeneousBatches(size=0)
