"""How good a teacher is: area under the curve, order, agreement of two."""

import pytest

from acclimate.testing import toys


@pytest.fixture
def signals(program):
    return program("signals")


def test_the_area_is_the_share_of_pairs_in_the_right_order(signals) -> None:
    scores = {"a": 3.0, "b": 2.0, "c": 1.0, "d": 2.0}
    # Of the pairs (a, b), (a, d), (c, b), (c, d) two are right.
    assert signals.area(scores, {"a", "c"}) == 0.5
    # (b, d) is a tie; (b, a) is wrong and (b, c) is right.
    assert signals.area(scores, {"b"}) == pytest.approx((0.5 + 0 + 1) / 3)
    assert signals.area(scores, set()) is None
    assert signals.area({"a": 1.0}, {"a"}) is None


def test_agreement_is_the_mean_rank_correlation(signals) -> None:
    one = {"q": {"a": 3.0, "b": 2.0, "c": 1.0}, "r": {"a": 1.0, "b": 2.0}}
    assert signals.agreement(one, one) == 1.0
    turned = {"q": {"a": 0.1, "b": 0.2, "c": 0.3}, "r": {"a": 9.0, "b": 10.0}}
    assert signals.agreement(one, turned) == 0.0
    flat = {"q": {"a": 1.0, "b": 1.0, "c": 1.0}}
    assert signals.agreement(one, flat) is None


def test_the_best_documents_are_kept_in_order(signals) -> None:
    run = {"q": {"a": 1.0, "b": 3.0, "c": 3.0}}
    assert list(signals.best(run, 2)["q"]) == ["b", "c"]


def test_teachers_are_measured_by_people(signals, program) -> None:
    """Two relevant documents of four; the second teacher has the order turned round."""
    found = program("collections_with_judgements").Collection(
        "pumps",
        {d: d for d in "abcd"},
        {"q": "how?", "r": "why?"},
        {("q", "a"): 1, ("q", "b"): 1, ("r", "a"): 1, ("r", "b"): 1},
    )
    order = {"a": 4.0, "b": 3.0, "c": 2.0, "d": 1.0}
    right = {"q": order, "r": order}
    wrong = {query: {d: -value for d, value in order.items()} for query in right}
    told = signals.quality({"Fusion": right, "Other": wrong}, found)
    rows = {row["name"]: row for row in told["teachers"]}
    assert (rows["Fusion"]["nDCG@10"], rows["Fusion"]["AUC"]) == (1.0, 1.0)
    assert rows["Other"]["AUC"] == 0.0
    assert rows["Other"]["test"]["difference"] < 0
    assert told["agreement"] == {"Fusion / Other": -1.0}


def test_collections_are_made_as_small_as_is_asked(program) -> None:
    collections = program("collections_with_judgements")
    rows = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS["text"], strict=True))
    first, second, *_ = rows
    found = collections.Collection(
        "toys", rows, {"q": "one", "r": "two"}, {("q", first): 1, ("r", second): 1}
    )
    small = found.sized(documents=4, queries=1)
    assert (len(small.documents), len(small.queries), len(small.qrels)) == (4, 1, 1)
    assert {document for _, document in small.qrels} <= set(small.documents)
    assert found.sized().documents == rows


def test_the_table_of_signals_shows_parts_and_teachers(program) -> None:
    test = {"difference": -0.02, "p_holm": 0.01}
    rows = [
        {"stage": "", "name": "default", "nDCG@10": 0.4, "tests": {}},
        {"stage": "miners", "name": "BM25", "nDCG@10": 0.38, "tests": {"default": test}},
    ]
    teachers = [{"name": "Fusion", "nDCG@10": 0.5, "AUC": 0.75, "test": None}]
    result = {
        "collections": [{"name": "pumps", "rows": rows}],
        "mean": {"default": 0.4, "BM25": 0.38},
        "teachers": [{"name": "pumps", "teachers": teachers}],
        "left_out": {"Topical": "is part of default"},
        "failed": {},
    }
    text = program("report").TABLES["quality/signals"](result)
    assert "|  | default | 40.0 |  |" in text
    assert "| miners | BM25 | 38.0 | **-2.0** |" in text
    assert "| Fusion | 50.0 | 0.750 |  |" in text
    assert "Not in the table: Topical (is part of default)." in text
