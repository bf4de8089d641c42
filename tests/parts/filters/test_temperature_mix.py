"""TemperatureMix: between shares by size and equal shares. [075]"""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.evaluators.retrieval import measured
from acclimate.parts.filters import HomogeneousBatches, TemperatureMix
from acclimate.parts.filters.temperature_mix import counts, shares
from acclimate.parts.part import Context
from acclimate.tables import Qrels, Queries
from acclimate.testing import behaviour

QUERIES = Queries.of(
    {"query_id": f"{kind}{n}", "text": kind, "kind": kind, "split": split}
    for kind, count, split in (("a", 64, "train"), ("b", 16, "train"), ("a", 5, "heldout"))
    for n in range(100 * (split == "heldout"), 100 * (split == "heldout") + count)
)


def kinds(**settings: float) -> Counter[str]:
    kept = TemperatureMix(**settings)(QUERIES, Context())
    return Counter(kept.of_split("train")["kind"])


def test_at_temperature_1_shares_are_those_of_the_sizes() -> None:
    """[075]: T = 1 is proportional."""
    assert shares([90, 10], 1).tolist() == pytest.approx([0.9, 0.1])
    assert kinds(temperature=1) == {"a": 64, "b": 16}


def test_at_a_high_temperature_shares_are_equal() -> None:
    """[075]: T → ∞ is uniform."""
    assert shares([90, 10], 1e9).tolist() == pytest.approx([0.5, 0.5])
    assert kinds(temperature=1e9) == {"a": 16, "b": 16}


def test_between_them_shares_are_roots() -> None:
    """√64 : √16 = 2 : 1, and as many as the 16 of b allow."""
    assert kinds(temperature=2) == {"a": 32, "b": 16}
    assert counts([100, 1], 2).tolist() == [10, 1]


def test_held_out_queries_stay_and_the_order_too() -> None:
    kept = TemperatureMix(temperature=2)(QUERIES, Context())
    assert len(kept.of_split("heldout")) == 5
    order = QUERIES["query_id"]
    assert kept["query_id"] == [query for query in order if query in set(kept["query_id"])]


def test_batches_of_the_mixture_have_one_task() -> None:
    """[075]: every batch has one task when homogeneous."""
    mixed = HomogeneousBatches(size=8)(TemperatureMix()(QUERIES, Context()), Context())
    told = mixed.of_split("train")
    by_topic: dict[int, set[str]] = {}
    for kind, topic in zip(told["kind"], told["topic"], strict=True):
        by_topic.setdefault(topic, set()).add(kind)
    assert len(by_topic) == 6
    assert all(len(one) == 1 for one in by_topic.values())


def test_r_precision_of_one_of_two_in_the_first_two_is_a_half() -> None:
    """[075]: R-precision for 2 gold pages with one in the top-2."""
    qrels = Qrels.of({"query_id": "q", "doc_id": d, "grade": 1} for d in ("a", "b"))
    scores = measured({"run": {"q": {"a": 3.0, "x": 2.0, "b": 1.0}}}, qrels, ("Rprec",))
    assert scores["value"] == [0.5]


@pytest.mark.parametrize("temperature", [0.5, float("nan")])
def test_a_temperature_below_1_is_refused(temperature: float) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        TemperatureMix(temperature=temperature)


def test_it_obeys_the_laws_of_filters() -> None:
    behaviour.check_all(TemperatureMix(), folder="filters")
