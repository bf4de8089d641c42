"""Drafts: they follow their queries, and no part that searches can be given them."""

from typing import get_type_hints

import pytest

from acclimate.errors import TableError
from acclimate.parts.part import needs
from acclimate.parts.shelf import Shelf
from acclimate.pipeline.gate import Gate
from acclimate.tables import Drafts, Queries
from acclimate.testing import laws, samples

ROW = {"query_id": "q", "doc_id": "draft:1", "text": "bees dance", "value": 1.0, "kind": "relevant"}


def test_a_draft_follows_its_query() -> None:
    things = samples.things()
    shelf = Shelf(things.values())
    shelf.put(things[Queries].head(3))
    assert shelf[Drafts]["query_id"] == [q for q in things[Queries]["query_id"][:3] for _ in "ab"]


def test_a_query_has_a_draft_once() -> None:
    with pytest.raises(TableError, match="is there 2 times"):
        Drafts.of([ROW, ROW])


def test_nothing_that_searches_measures_or_judges_takes_drafts() -> None:
    """Only drafters, filters, the generator of their queries and the loop that trains may."""
    takes = {
        (folder, kind.__name__)
        for folder, kind in laws.parts_in("acclimate.parts")
        if folder != "losses" and Drafts in get_type_hints(kind.__call__).values()
    }
    folders = {folder for folder, _ in takes}
    assert folders <= {"drafters", "filters", "generators", "loops"}
    assert ("loops", "WithDrafts") in takes
    assert Drafts not in needs(Gate(teacher=None)).values()
