"""MultiHop: the second document is found by the words of the first. [006] [054]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners import BM25, MultiHop
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=FakeEncoder())
# A names B, B names C; nothing but the names leads from one to the next.
CHAIN = Corpus.of(
    {"doc_id": d, "title": "", "text": t}
    for d, t in (
        ("A", "The lighthouse was drawn by Almeida"),
        ("B", "Almeida studied under Brandt"),
        ("C", "Brandt came from Coimbra"),
        ("D", "The old lighthouse"),
        ("E", "Trains stop at noon"),
    )
)
QUERY = Queries.of(
    [{"query_id": "q", "text": "lighthouse", "source_doc_id": "A", "split": "train"}]
)


def found(**settings):
    part = MultiHop(miner=BM25(depth=3), **settings)
    return part(CHAIN, QUERY, STUDENT, Context(engine=FakeEngine()))


def test_a_second_hop_finds_the_bridge() -> None:
    """[006] B shares no word with the query, but with A."""
    one, two = found(hops=1), found(hops=2)
    assert set(one["doc_id"]) == {"A", "D"}
    assert set(two["doc_id"]) == {"A", "D", "B"}
    miners = dict(zip(two["doc_id"], two["miner"], strict=True))
    assert miners == {"A": "hop 1+hop 2", "D": "hop 1+hop 2", "B": "hop 2"}


def test_a_third_hop_goes_on_from_the_second() -> None:
    """[054] A → B → C."""
    assert set(found(hops=3)["doc_id"]) == {"A", "B", "C", "D"}


def test_only_the_first_documents_lead_on() -> None:
    """D is first, as it is shorter; its words lead nowhere."""
    order = found(hops=1)["doc_id"]
    assert order == ["D", "A"]
    assert set(found(hops=2, follow=1)["doc_id"]) == {"A", "D"}


def test_only_the_first_words_of_a_document_lead_on() -> None:
    assert "B" not in found(hops=2, at_most_words=3)["doc_id"]


def test_each_document_is_there_once_and_the_source_is_marked() -> None:
    table = found(hops=3, follow=5)
    assert len(set(table["doc_id"])) == len(table)
    assert table["rank"] == list(range(1, len(table) + 1))
    marked = [d for d, own in zip(table["doc_id"], table["is_source"], strict=True) if own]
    assert marked == ["A"]


def test_to_search_nowhere_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        MultiHop(hops=0)
