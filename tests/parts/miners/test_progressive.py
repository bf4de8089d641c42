"""Progressive: documents of a class find more of it. [033]"""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners import BM25, Progressive
from acclimate.parts.miners.progressive import unanimous
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing.fakes import FakeEncoder, FakeEngine

TEXTS = {
    "s1": "match goal team",
    "s2": "goal team referee",
    "s3": "referee whistle stadium",
    "l1": "court judge law",
    "l2": "judge law appeal",
    "l3": "appeal verdict jury",
    "x": "goal of the judge",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": text} for d, text in TEXTS.items())
QUERIES = Queries.of(
    {"query_id": name, "text": words, "kind": f"class {name}", "split": "train"}
    for name, words in (("sport", "match"), ("law", "court"))
)


def mine(queries=QUERIES, **settings):
    ctx = Context(engine=FakeEngine())
    part = Progressive(**{"miner": BM25(depth=7), "nearest": 1, "exemplars": 3, **settings})
    return part(CORPUS, queries, Student(encoder=FakeEncoder()), ctx), ctx


def test_a_document_stays_where_all_its_neighbours_are_of_one_class() -> None:
    """[033]: a document whose five nearest queries include one of another class is dropped."""
    classes = np.array([0, 0, 0, 0, 0, 1])
    near = np.float32([[0.9], [0.8], [0.7], [0.6], [0.5], [0.1]])
    assert unanimous(near, classes, 5).tolist() == [0]
    one_other = near.copy()
    one_other[5] = 0.55
    assert unanimous(one_other, classes, 5).tolist() == [-1]
    assert unanimous(one_other, classes, 4).tolist() == [0]


def test_documents_without_a_word_of_the_class_are_found_by_others_of_it() -> None:
    """Words find s1, s1 finds s2, and s2 finds s3."""
    found, _ = mine(rounds=2)
    of = {
        query: {d for q, d in zip(found["query_id"], found["doc_id"], strict=True) if q == query}
        for query in ("sport", "law")
    }
    assert {"s1", "s2", "s3"} <= of["sport"]
    assert {"l1", "l2", "l3"} <= of["law"]
    assert not of["sport"] & of["law"]
    once, _ = mine(rounds=1)
    assert "s3" not in set(once["doc_id"])


def test_what_lies_between_two_classes_is_dropped() -> None:
    """A goal of the judge."""
    assert "x" in mine(rounds=1)[0]["doc_id"]
    assert "x" not in mine(rounds=1, nearest=2)[0]["doc_id"]


def test_every_query_of_a_class_has_its_documents_in_one_order() -> None:
    twice = Queries.of(
        [*QUERIES.dicts(), {**QUERIES.dicts()[0], "query_id": "more", "text": "team"}]
    )
    found, ctx = mine(twice)
    rows = list(zip(found["query_id"], found["rank"], found["doc_id"], strict=True))
    own = [row[1:] for row in rows if row[0] == "sport"]
    assert own == [row[1:] for row in rows if row[0] == "more"]
    assert [rank for rank, _ in own] == list(range(1, len(own) + 1))
    assert ctx.notes["found"]["class sport"] == len(own)


def test_nothing_asks_for_nothing() -> None:
    assert len(mine(Queries.empty())[0]) == 0


@pytest.mark.parametrize("name", ["rounds", "exemplars", "nearest"])
def test_to_find_nothing_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        Progressive(**{name: 0})
