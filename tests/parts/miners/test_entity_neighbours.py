"""EntityNeighbours: the context of a query's source. [008]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._contexts import Contexts
from acclimate.parts.miners import EntityNeighbours
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.known import found_by

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in (
        ("ada", "Ada Lovelace met Mr Babbage."),
        ("babbage", "Mr Babbage built an engine."),
        ("engine", "An engine has gears."),
        ("bees", "Bees dance."),
    )
)


def asked(*sources: str | None) -> Queries:
    return Queries.of(
        {"query_id": f"q{n}", "text": "?", "source_doc_id": s, "split": "train"}
        for n, s in enumerate(sources)
    )


def test_the_context_of_the_source_comes_nearest_first() -> None:
    """[008]: what tells of the same entities, then what tells of their neighbours."""
    found = EntityNeighbours()(CORPUS, asked("ada", "bees", None, "ada"), Context())
    near = ["ada", "babbage", "engine"]
    assert found_by(found) == {"q0": near, "q1": ["bees"], "q3": near}
    assert found["is_source"] == [True, False, False, True, True, False, False]
    assert found["score"][:3] == pytest.approx([5 / 8, 5 / 16, 1 / 16])


def test_it_is_the_context_that_a_writer_is_shown() -> None:
    contexts = Contexts(CORPUS)
    for row, name in enumerate(CORPUS["doc_id"]):
        found = EntityNeighbours(count=1)(CORPUS, asked(name), Context())
        shown = [CORPUS["doc_id"][near] for near, _ in contexts.of(row, 2)]
        assert sorted(found["doc_id"]) == sorted(shown)


def test_no_neighbour_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        EntityNeighbours(count=0)


def test_it_obeys_the_laws_of_miners() -> None:
    behaviour.check_all(EntityNeighbours(), folder="miners")
