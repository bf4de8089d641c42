"""Beside: others come in behind, and nothing that was there changes. [033]"""

from acclimate.models.student import Student
from acclimate.parts.generators import Beside, OfTrainingDocuments, Titles
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing import samples, toys

STUDENT: Student = samples.things()[Student]


def test_others_come_behind_those_there_are() -> None:
    """[033]: the words of classes come in when spans have been held out; all of them train."""
    before = toys.WRITTEN
    held = before.head(3)
    both = Beside(generator=Titles())(toys.CORPUS, before, STUDENT, Context())
    assert both.head(len(before)).dicts() == before.dicts()
    titles = Titles()(toys.CORPUS, Context())
    assert both.dicts()[len(before) :] == titles.dicts()
    assert held.dicts() == both.head(3).dicts()


def test_what_is_there_is_not_there_twice() -> None:
    once = Beside(generator=Titles())(toys.CORPUS, toys.WRITTEN, STUDENT, Context())
    again = Beside(generator=Titles())(toys.CORPUS, once, STUDENT, Context())
    assert again.dicts() == once.dicts()


def test_others_may_depend_on_those_there_are() -> None:
    """A document of a held-out query gets no other."""
    (first, *rest) = Titles()(toys.CORPUS, Context()).dicts()
    held = Queries.of([first | {"query_id": "held", "split": "heldout"}])
    part = Beside(generator=OfTrainingDocuments(generator=Titles()))
    assert part(toys.CORPUS, held, STUDENT, Context()).dicts() == [*held.dicts(), *rest]
