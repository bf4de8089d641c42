"""Drafted: queries that come with their drafts, and no others."""

from acclimate.parts.generators import Drafted
from acclimate.parts.part import Context
from acclimate.parts.shelf import Shelf
from acclimate.tables import Drafts, Queries
from acclimate.testing import samples


def test_drafts_of_known_queries_bring_none() -> None:
    things, ctx = samples.things(), Context()
    assert Drafted()(things[Queries], things[Drafts], ctx).digest == things[Queries].digest
    assert ctx.notes["drafted"] == 0


def test_drafts_stay_when_their_query_becomes_one_of_the_queries() -> None:
    """[078] until then no table knows them."""
    things = samples.things()
    row = {**things[Drafts].dicts()[0], "query_id": "new", "asks": "why do bees dance"}
    drafts = Drafts.joined([things[Drafts], Drafts.of([row])])
    shelf = Shelf([*things.values(), drafts])
    shelf.put(Drafted()(things[Queries], drafts, Context()))
    assert shelf[Drafts].digest == drafts.digest
    assert shelf[Queries].dicts()[-1]["text"] == "why do bees dance"
