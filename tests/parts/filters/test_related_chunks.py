"""RelatedChunks: what belongs together meets in a batch. Shows [009]'s batches."""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models import indexes
from acclimate.parts.filters import RelatedChunks
from acclimate.parts.filters.related_chunks import beside, families, gathered
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine

SUBJECTS = ("bees honey hive", "pump valve gasket", "tide moon orbit", "bread yeast flour")


def pieces(documents: int, each: int) -> Corpus:
    """Pieces of documents, in order: each has the subject of its document and a word of its own."""
    return Corpus.of(
        {
            "doc_id": f"{n}.{m}",
            "title": "",
            "text": f"{SUBJECTS[n % 4]} w{n}x{m}",
            "parent_id": f"d{n}",
        }
        for n in range(documents)
        for m in range(each)
    )


def asking(corpus: Corpus, split: str = "train") -> Queries:
    return Queries.of(
        {"query_id": f"q{doc_id}", "text": "?", "source_doc_id": doc_id, "split": split}
        for doc_id in corpus["doc_id"]
    )


def topics(corpus: Corpus, queries: Queries, seed: int = 1, **settings: int) -> list[int | None]:
    ctx = Context(seed=seed, engine=FakeEngine())
    told: list[int | None] = RelatedChunks(**settings)(corpus, queries, ctx)["topic"]
    return told


def test_pieces_of_one_document_come_first() -> None:
    """[009]: groups of 16; each of 8 documents of 16 pieces is one, whatever the words."""
    corpus = pieces(8, 16)
    told = topics(corpus, asking(corpus))
    for document in range(8):
        assert len(set(told[16 * document : 16 * document + 16])) == 1
    assert sorted(set(told)) == list(range(8))


def test_then_those_that_share_words() -> None:
    """[009]: 16 documents of 4 pieces, of 4 subjects: a group is the 4 documents of one subject."""
    corpus = pieces(16, 4)
    told = topics(corpus, asking(corpus))
    of_subject = [{told[4 * n + m] for n in range(s, 16, 4) for m in range(4)} for s in range(4)]
    assert all(len(found) == 1 for found in of_subject)
    assert set.union(*of_subject) == {0, 1, 2, 3}


def test_without_parents_words_alone_decide() -> None:
    flat = Corpus.of(row | {"parent_id": None} for row in pieces(16, 4).dicts())
    assert len(set(families(flat).tolist())) == 64
    told = topics(flat, asking(flat))
    assert all(
        len({told[4 * n + m] for n in range(s, 16, 4) for m in range(4)}) == 1 for s in range(4)
    )


def test_no_more_is_found_than_asked_for() -> None:
    """One neighbour of each piece by words: groups of 4 need two pieces that were drawn."""
    flat = Corpus.of(row | {"parent_id": None} for row in pieces(4, 8).dicts())
    whole, few = (topics(flat, asking(flat), size=8, depth=depth) for depth in (7, 1))
    subjects = np.repeat(np.arange(4), 8)
    assert all(len(set(subjects[np.asarray(whole) == t])) == 1 for t in range(4))
    assert any(len(set(subjects[np.asarray(few) == t])) > 1 for t in range(4))


def test_the_nearest_pieces_of_a_document_come_first() -> None:
    """Rows 0…5 are one document, 6 and 7 another: around row 3, two on each side."""
    source = np.array([5, 4, 3, 2, 1, 0, 6, 7])
    family = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    around = beside(source, family, reach=2)
    assert list(around(2)) == [2, 3, 1, 4, 0]
    assert list(around(0)) == [0, 1, 2]
    assert list(around(6)) == [6, 7]


def test_a_topic_that_is_not_full_goes_on_with_another_piece() -> None:
    """4 brings 5, and 0 makes three, so that its own 2 waits; 1 brings 6, and 3 makes three."""
    related = {4: [5, 4], 0: [2, 3], 1: [0, 6], 3: [1, 2], 2: []}
    told = gathered(np.array([4, 0, 1, 3, 2, 5, 6]), related.__getitem__, size=3)
    assert told.tolist() == [0, 1, 2, 1, 0, 0, 1]


def test_only_the_last_topic_is_smaller() -> None:
    corpus = pieces(7, 5)
    told = topics(corpus, asking(corpus), size=4)
    assert np.bincount(np.asarray(told, dtype=np.int64)).tolist() == [4] * 8 + [3]


def test_held_out_queries_and_those_of_people_have_none() -> None:
    corpus = pieces(2, 2)
    held = Queries.of(row | {"split": "heldout"} for row in asking(corpus.head(1)).dicts())
    rest = asking(corpus.take([1, 2, 3]))
    told = topics(corpus, Queries.joined([held, rest, toys.QUERIES.head(2)]), size=2)
    assert told[0] is None
    assert sorted(told[1:4], key=str) == [0, 0, 1]
    assert told[4:] == [None, None]


def test_the_order_of_queries_does_not_matter_and_the_seed_does() -> None:
    corpus = pieces(16, 4)
    queries = asking(corpus)
    turned = queries.take(np.arange(len(queries))[::-1])
    assert topics(corpus, queries) == topics(corpus, turned)[::-1]
    assert topics(corpus, queries) != topics(corpus, queries, seed=2)


def test_topics_of_nothing_are_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        RelatedChunks(size=0)
    with pytest.raises(RecipeError, match="1 or more"):
        RelatedChunks(depth=0)
    assert RelatedChunks().index == indexes.BM25()
