"""DenseSearch: the closest vectors, the source document among them, as in GPL. [P1]"""

import numpy as np
import pytest

from acclimate.errors import TableError
from acclimate.models.ref import Hits
from acclimate.parts.miners import DenseSearch
from acclimate.parts.miners._found import candidates
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

TWO = Queries.of(
    [
        {"query_id": "q1", "text": "?", "source_doc_id": "b", "split": "train"},
        {"query_id": "q2", "text": "?", "split": "train"},
    ]
)
FIVE = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "abcde")


def mined(part, corpus=toys.CORPUS, queries=toys.WRITTEN, **settings):
    ctx = Context(engine=FakeEngine(), **settings)
    return part(corpus, queries, ctx), ctx


def ranked(positions, scores, own, depth):
    hits = Hits(np.asarray(positions), np.asarray(scores, dtype=np.float32))
    source = np.asarray([1, -1])
    found = candidates("m", FIVE, TWO, hits, source, np.asarray([own, -np.inf]), depth, Context())
    return [
        (r["query_id"], r["doc_id"], r["rank"], round(r["score"], 3), r["is_source"])
        for r in found.dicts()
    ]


def test_a_source_that_was_found_keeps_its_place():
    assert ranked([[0, 1, 2], [3, 4, 0]], [[0.9, 0.8, 0.7], [0.6, 0.5, 0.4]], 0.8, 2) == [
        ("q1", "a", 1, 0.9, False),
        ("q1", "b", 2, 0.8, True),
        ("q1", "c", 3, 0.7, False),
        ("q2", "d", 1, 0.6, False),
        ("q2", "e", 2, 0.5, False),
    ]


def test_a_source_that_was_not_found_is_added_with_its_own_score():
    assert ranked([[0, 3, 2], [3, 4, 0]], [[0.9, 0.8, 0.7], [0.6, 0.5, 0.4]], 0.1, 2)[:3] == [
        ("q1", "a", 1, 0.9, False),
        ("q1", "d", 2, 0.8, False),
        ("q1", "b", 3, 0.1, True),
    ]


def test_a_source_that_an_approximate_search_missed_is_ranked_by_its_score():
    assert ranked([[0, 3, 2], [3, 4, 0]], [[0.9, 0.8, 0.7], [0.6, 0.5, 0.4]], 0.85, 2)[:3] == [
        ("q1", "a", 1, 0.9, False),
        ("q1", "b", 2, 0.85, True),
        ("q1", "d", 3, 0.8, False),
    ]


def test_empty_places_of_a_search_are_no_candidates():
    inf = -np.inf
    assert ranked([[0, -1, -1], [-1, -1, -1]], [[0.9, inf, inf], [inf] * 3], 0.1, 2) == [
        ("q1", "a", 1, 0.9, False),
        ("q1", "b", 2, 0.1, True),
    ]


def test_scores_are_cosines_and_fall_with_the_rank():
    found, _ = mined(DenseSearch(encoder=FakeEncoder(), depth=3))
    query, document = (
        FakeEncoder().encode([t], kind="query")[0]
        for t in (toys.WRITTEN["text"][0], toys.CORPUS.contents[0])
    )
    rows = found.where("query_id", ["w-bees"]).dicts()
    assert rows[0]["doc_id"] == "bees"
    assert rows[0]["score"] == pytest.approx(query @ document, abs=1e-6)
    assert [r["score"] for r in rows] == sorted((r["score"] for r in rows), reverse=True)
    assert len(rows) == 4


def test_the_note_says_how_often_the_source_was_found():
    _, ctx = mined(DenseSearch(encoder=FakeEncoder(), depth=3))
    assert ctx.notes["mined"] == {
        "miner": "dense",
        "candidates": 48,
        "queries with a source": 12,
        "source found": 1.0,
        "source first": 1.0,
    }


def test_a_depth_beyond_the_corpus_gives_every_document_once():
    found, _ = mined(DenseSearch(encoder=FakeEncoder(), depth=500))
    assert len(found) == 12 * 12


def test_many_queries_are_ranked_in_blocks(monkeypatch):
    whole, _ = mined(DenseSearch(encoder=FakeEncoder(), depth=2))
    monkeypatch.setattr("acclimate.parts.miners._found._QUERIES_AT_ONCE", 5)
    blocks, _ = mined(DenseSearch(encoder=FakeEncoder(), depth=2))
    assert blocks.digest == whole.digest


def test_no_queries_or_no_documents_give_no_candidates():
    part = DenseSearch(encoder=FakeEncoder())
    assert len(mined(part, queries=Queries.empty())[0]) == 0
    assert len(mined(part, corpus=Corpus.empty(), queries=toys.QUERIES)[0]) == 0


def test_a_source_that_is_not_in_the_corpus_is_named():
    with pytest.raises(TableError, match="'w-comets'"):
        mined(DenseSearch(encoder=FakeEncoder()), corpus=toys.CORPUS.head(11))
