"""Lookahead: what lies near the source. Shows [114]'s union and [050]'s other documents."""

from acclimate.models.student import Student
from acclimate.parts.filters import SameParent
from acclimate.parts.miners import Lookahead, Union, WithStudent
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=FakeEncoder())
NEAR = Lookahead(miner=WithStudent(depth=3))


def mined(part, corpus=toys.CORPUS, queries=toys.WRITTEN):
    return part(corpus, queries, STUDENT, Context(engine=FakeEngine()))


def test_it_finds_what_the_text_of_the_source_finds() -> None:
    """Nearest to the document on bees, not to its query."""
    found = mined(NEAR, queries=toys.WRITTEN.head(1))
    vectors = FakeEncoder().encode(toys.CORPUS.contents, kind="document")
    nearest = (-(vectors @ vectors[0])).argsort(kind="stable")[:4]
    assert found["doc_id"] == [toys.CORPUS["doc_id"][row] for row in nearest]
    assert set(found["miner"]) == {"lookahead"}


def test_the_source_is_its_own_nearest_and_never_counts() -> None:
    """[114] The look-ahead of d⁺ has d⁺ as source, and three others."""
    found = mined(NEAR)
    first = found.where("rank", [1])
    assert first["doc_id"] == toys.WRITTEN["source_doc_id"]
    assert all(first["is_source"])
    assert sum(found["is_source"]) == 12
    assert len(found) == 12 * 4


def test_with_a_search_by_the_query_both_bring_half() -> None:
    """[114] |N₁| is at most 3 + 3, and it holds the negatives of the search itself."""
    both = Union((WithStudent(depth=8), Lookahead(miner=WithStudent(depth=8))), quotas=(3, 3))
    found, search = mined(both), mined(WithStudent(depth=3))
    for query in toys.WRITTEN["query_id"]:
        here = found.where("query_id", [query])
        assert len(here) - 1 <= 6
        assert set(search.where("query_id", [query])["doc_id"]) <= set(here["doc_id"])
    assert {name for joined in found["miner"] for name in joined.split("+")} == {
        "student", "lookahead",
    }  # fmt: skip


def test_neighbours_of_a_chunk_are_of_other_documents() -> None:
    """[050] No neighbour shares the document of the chunk."""
    corpus = Corpus.of(
        {"doc_id": f"{p}{n}", "title": "", "text": f"{t} part {n}", "parent_id": p}
        for p, t in (("a", "warm milk"), ("b", "cold milk"), ("c", "dry bread"))
        for n in range(2)
    )
    queries = Queries.of(
        [{"query_id": "q", "text": "milk", "source_doc_id": "a0", "split": "train"}]
    )
    found = mined(Lookahead(miner=WithStudent(depth=5)), corpus, queries)
    assert set(found["doc_id"]) == {"a0", "a1", "b0", "b1", "c0", "c1"}
    kept = SameParent()(corpus, queries, found, Context())
    assert kept["doc_id"][0] == "a0"
    assert set(kept["doc_id"][1:]) == {"b0", "b1", "c0", "c1"}


def test_a_query_without_a_source_has_none() -> None:
    assert len(mined(NEAR, queries=toys.QUERIES)) == 0
