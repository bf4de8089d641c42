"""Beside: others come in behind, and nothing that was there changes. [033]"""

from acclimate.parts.generators import Beside, Titles
from acclimate.parts.part import Context
from acclimate.testing import toys


def test_others_come_behind_those_there_are() -> None:
    """[033]: the words of classes come in when spans have been held out; all of them train."""
    before = toys.WRITTEN
    held = before.head(3)
    both = Beside(generator=Titles())(toys.CORPUS, before, Context())
    assert both.head(len(before)).dicts() == before.dicts()
    titles = Titles()(toys.CORPUS, Context())
    assert both.dicts()[len(before) :] == titles.dicts()
    assert held.dicts() == both.head(3).dicts()


def test_what_is_there_is_not_there_twice() -> None:
    once = Beside(generator=Titles())(toys.CORPUS, toys.WRITTEN, Context())
    again = Beside(generator=Titles())(toys.CORPUS, once, Context())
    assert again.dicts() == once.dicts()
