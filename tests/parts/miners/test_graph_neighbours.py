"""GraphNeighbours: documents about something near by. [105]"""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.miners import BM25, GraphNeighbours
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine
from acclimate.testing.known import found_by
from acclimate.testing.recorded import Recorded

STUDENT = Student(encoder=cast(Dense, FakeEncoder()))
TEXTS = {
    "aston": "The bridge of Aston was opened in 1901.",
    "burley": "The bridge of Burley was opened in 1932.",
    "line": "A line from Aston to Burley was opened in 1950.",
    "far": "The lake of Corby is deep, near Derby.",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in TEXTS.items())


def asked(text: str, source: str | None = "aston") -> Queries:
    return Queries.of([{"query_id": "q", "text": text, "source_doc_id": source, "split": "train"}])


MASKED = asked("The bridge of Aston was opened in [MASK]")


@dataclass(frozen=True, kw_only=True)
class Listens:
    """A miner that keeps what it was asked, and finds each query's source alone."""

    heard: list[str] = field(default_factory=list)

    def __call__(self, queries: Queries) -> Candidates:
        self.heard.extend(queries["text"])
        return Candidates.of(
            {"query_id": q, "doc_id": d, "rank": 1, "score": 1.0, "is_source": True, "miner": "m"}
            for q, d in zip(queries["query_id"], queries["source_doc_id"], strict=True)
        )


def heard(queries: Queries, **settings: Any) -> list[str]:
    miner = Listens()
    part = GraphNeighbours(miner=miner, **settings)
    part(CORPUS, queries, STUDENT, Context(engine=FakeEngine()))
    return miner.heard


def test_an_entity_of_the_query_is_exchanged_for_one_near_by() -> None:
    texts = heard(MASKED, entities=(2, 9))
    assert "The bridge of burley was opened in [MASK]" in texts
    assert all("[MASK]" in text for text in texts)
    assert len(set(texts)) == len(texts)


def test_a_name_inside_a_word_is_not_exchanged() -> None:
    texts = heard(asked("the astonbury line to Aston"), entities=(2, 9))
    assert texts
    assert all(" astonbury " in text for text in texts)


def test_a_wider_neighbourhood_reaches_further() -> None:
    """[105]: large and small subgraphs."""
    small, large = (heard(MASKED, entities=(k, k), questions=20) for k in (3, 8))
    assert len(small) < len(large)


def test_a_language_model_asks_about_the_neighbourhood() -> None:
    """[105]: several questions for a subgraph, about the same answer; equal ones are asked once."""
    writer = Recorded(answers=(("burley", "When was the bridge of Burley opened?"),))
    texts = heard(MASKED, entities=(2, 9), questions=10, writer=writer)
    assert texts == ["When was the bridge of Burley opened?"]
    (asked_for,) = writer.asked
    assert "\n1901\n</answer" in asked_for  # what the mask hides
    assert "\n</entities" in asked_for


def test_where_nothing_is_written_the_query_asks_for_itself() -> None:
    assert heard(MASKED, entities=(2, 9), writer=Recorded()) == MASKED["text"]


def test_no_more_questions_than_wanted_are_asked() -> None:
    assert len(heard(MASKED, entities=(2, 9), questions=2)) == 2


def test_a_query_without_entities_asks_for_itself() -> None:
    assert heard(asked("what is deep")) == ["what is deep"]


def test_what_is_found_is_of_the_neighbours_and_the_source_is_there() -> None:
    part = GraphNeighbours(miner=BM25(depth=2), entities=(2, 9), count=2)
    ctx = Context(engine=FakeEngine())
    found = part(CORPUS, MASKED, STUDENT, ctx)
    (documents,) = found_by(found).values()
    assert "aston" in documents
    assert "burley" in documents
    assert len(documents) == 3
    assert ctx.notes["queries without a neighbour"] == 0


@pytest.mark.parametrize(
    "settings", [{"count": 0}, {"questions": 0}, {"entities": (0, 3)}, {"entities": (4, 3)}]
)
def test_to_ask_nothing_is_refused(settings: dict) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        GraphNeighbours(**settings)


def test_it_obeys_the_laws_of_miners() -> None:
    behaviour.check_all(GraphNeighbours(entities=(1, 9)), folder="miners")
