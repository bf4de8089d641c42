"""ChunkNeighbours: pieces of other documents, and what follows them. [050]"""

from typing import cast

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.generators import NextChunk
from acclimate.parts.miners import BM25, ChunkNeighbours
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine
from acclimate.testing.known import KnownMiner, found_by

STUDENT = Student(encoder=cast(Dense, FakeEncoder()))
BOOKS = {
    "a": ("wipe the dry chain", "then oil the links", "ride around the block"),
    "b": ("wipe the chain with care", "one drop on each link", "wait for an hour"),
    "c": ("boil rice in water", "do not stir the pot"),
}
CORPUS = Corpus.of(
    {"doc_id": f"{name}{n}", "title": "", "text": text, "parent_id": name}
    for name, texts in BOOKS.items()
    for n, text in enumerate(texts)
)
ASKED = Queries.of(
    [{"query_id": "q", "text": "wipe the chain", "source_doc_id": "a1", "split": "train"}]
)


def found(*pieces: tuple[str, float], **settings: int) -> Candidates:
    miner = KnownMiner(lists=(("q", pieces),))
    part = ChunkNeighbours(miner=miner, **settings)
    return part(CORPUS, ASKED, STUDENT, Context(engine=FakeEngine()))


def test_a_neighbour_comes_with_what_follows_it() -> None:
    told = found(("b0", 0.9), ("a1", 0.5), ("c1", 0.2))
    assert list(zip(told["doc_id"], told["miner"], strict=True)) == [
        ("b0", "neighbour"),
        ("b1", "continuation"),
        ("a1", "source"),
        ("c1", "neighbour"),  # the last piece of its document
    ]
    assert told["rank"] == [1, 2, 3, 4]
    assert told["is_source"] == [False, False, True, False]


def test_no_neighbour_shares_the_document_of_the_query() -> None:
    """[050]: no neighbour shares the query chunk's document id."""
    told = found(("a0", 0.9), ("a2", 0.8), ("b0", 0.7), ("a1", 0.5))
    assert found_by(told) == {"q": ["b0", "b1", "a1"]}


def test_what_comes_next_decides_nothing() -> None:
    """[050]: causality: with another next piece the neighbours of a piece are the same."""
    miner = ChunkNeighbours(miner=BM25(depth=5))

    def neighbours(corpus: Corpus) -> dict[str, list[str]]:
        queries = NextChunk()(corpus, Context())
        first = queries.where("source_doc_id", ["a1"])
        told = miner(corpus, first, STUDENT, Context(engine=FakeEngine()))
        return found_by(told.where("is_source", [False]))

    rows = CORPUS.dicts()
    rows[1]["text"] = "boil water for the rice and wait"
    assert list(neighbours(CORPUS).values()) == list(neighbours(Corpus.of(rows)).values())
    assert neighbours(CORPUS)


def test_only_the_nearest_come() -> None:
    told = found(("b0", 0.9), ("c0", 0.8), ("a1", 0.1), count=1)
    assert found_by(told) == {"q": ["b0", "b1", "a1"]}


def test_a_piece_that_is_found_and_follows_is_there_once() -> None:
    told = found(("b0", 0.9), ("b1", 0.8), ("a1", 0.5))
    assert found_by(told) == {"q": ["b0", "b1", "b2", "a1"]}


def test_neighbours_may_come_alone() -> None:
    told = found(("b0", 0.9), ("a1", 0.5), continuation=False)
    assert found_by(told) == {"q": ["b0", "a1"]}


def test_what_was_left_out_is_counted() -> None:
    ctx = Context(engine=FakeEngine())
    miner = KnownMiner(lists=(("q", (("a0", 0.9), ("a1", 0.5))),))
    ChunkNeighbours(miner=miner)(CORPUS, ASKED, STUDENT, ctx)
    assert ctx.notes["left out"] == {"pieces of the source's document": 1}


def test_no_neighbour_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        ChunkNeighbours(count=0)


def test_it_obeys_the_laws_of_miners() -> None:
    behaviour.check_all(ChunkNeighbours(), folder="miners")
