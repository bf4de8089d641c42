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


def test_a_question_that_is_held_out_is_not_trained_on() -> None:
    things, ctx = samples.things(), Context()
    held = things[Queries].dicts()
    held[0]["split"] = "heldout"
    rows = [
        {**things[Drafts].dicts()[0], "query_id": f"new {n}", "asks": asks}
        for n, asks in enumerate((held[0]["text"].upper(), "why do bees dance"))
    ]
    queries = Drafted()(Queries.of(held), Drafts.of(rows), ctx)
    assert queries["text"][len(held) :] == ["why do bees dance"]
    assert ctx.notes["dropped"] == {"same words as a held-out query": 1}
