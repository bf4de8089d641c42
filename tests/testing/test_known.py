"""Known: a miner and a labeller whose answers are given."""

from acclimate.parts.part import Context
from acclimate.testing.known import KnownLabeller, found_by, known


def test_a_known_miner_finds_what_it_is_told_for_those_who_ask() -> None:
    miner, corpus, queries = known({"p": {"s": 2.0, "a": 1.0}, "q": {"a": 3.0}})
    found = miner(corpus, queries.take([0]), Context())
    assert found_by(found) == {"p": ["s", "a"]}
    assert found["is_source"] == [True, False]
    assert found["score"] == [2.0, 1.0]


def test_a_known_labeller_labels_what_it_knows() -> None:
    miner, corpus, queries = known({"p": {"s": 2.0, "a": 1.0}})
    labels = KnownLabeller(values=(("a", 0.5),))(miner(corpus, queries, Context()), Context())
    assert (labels["doc_id"], labels["value"]) == (["a"], [0.5])


def test_texts_are_ids_where_none_are_given() -> None:
    _, corpus, queries = known({"p": {"s": 2.0}}, texts={"s": "warm milk"}, source=None)
    assert (corpus["text"], queries["text"]) == (["warm milk"], ["p"])
    assert queries["source_doc_id"] == [None]
