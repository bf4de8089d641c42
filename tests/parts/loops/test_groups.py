"""Groups: which documents of which query a step looks at."""

import numpy as np
import pytest

from acclimate.errors import TableError
from acclimate.parts.loops._groups import Groups, Turns, grouped, topics_of
from acclimate.tables import Corpus, Labels, Queries

CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in "abcdef")
QUERIES = Queries.of(
    [
        {"query_id": "q", "text": "q", "source_doc_id": "c", "split": "train"},
        {"query_id": "r", "text": "r", "source_doc_id": None, "split": "train"},
        {"query_id": "h", "text": "h", "source_doc_id": "a", "split": "heldout"},
    ]
)


def labels(rows: dict[str, dict[str, float]], teacher: str = "t") -> Labels:
    return Labels.of(
        {"query_id": q, "doc_id": d, "value": v, "teacher": teacher}
        for q, values in rows.items()
        for d, v in values.items()
    )


def made(rows: dict[str, dict[str, float]], salt: int = 1) -> Groups:
    return grouped(CORPUS, QUERIES, labels(rows), salt)


def test_the_source_comes_first_whatever_its_value() -> None:
    groups = made({"q": {"a": 9, "b": 5, "c": 1}})
    drawn = groups.draw(np.array([0]), np.array([0]), 3)
    assert drawn.documents[0, 0] == 2
    assert drawn.values[0, 0] == 1
    assert sorted(drawn.documents[0, 1:].tolist()) == [0, 1]


def test_without_a_source_the_highest_value_comes_first() -> None:
    groups = made({"r": {"a": 2, "d": 7, "e": 5}})
    assert groups.draw(np.array([0]), np.array([0]), 2).documents[0, 0] == 3


def test_held_out_queries_never_train() -> None:
    groups = made({"q": {"a": 1, "c": 2}, "h": {"a": 1, "b": 2}})
    assert groups.queries.tolist() == [0]


def test_a_group_that_is_too_small_is_padded() -> None:
    drawn = made({"q": {"a": 4, "c": 3}}).draw(np.array([0]), np.array([0]), 4)
    assert drawn.documents.tolist() == [[2, 0, -1, -1]]
    assert drawn.values.tolist() == [[3, 4, 0, 0]]
    assert drawn.mask.tolist() == [[True, True, False, False]]
    assert drawn.filled.tolist() == [[2, 0, 2, 2]]


def test_turn_after_turn_every_document_is_seen_equally_often() -> None:
    """Five others, two a turn: five turns show each of them twice."""
    groups = made({"q": dict.fromkeys("abcdef", 0.0)})
    seen = groups.draw(np.zeros(5, dtype=np.int64), np.arange(5), 3).documents[:, 1:].ravel()
    assert np.bincount(seen, minlength=6).tolist() == [2, 2, 0, 2, 2, 2]


def test_the_order_of_the_labels_does_not_matter() -> None:
    one = made({"q": {"a": 1, "b": 2, "c": 3}, "r": {"d": 1, "e": 2}})
    two = made({"r": {"e": 2, "d": 1}, "q": {"c": 3, "b": 2, "a": 1}})
    assert one.documents.tolist() == two.documents.tolist()
    assert one.values.tolist() == two.values.tolist()


def test_another_salt_is_another_order() -> None:
    rows = {"q": dict.fromkeys("abcdef", 0.0)}
    assert len({tuple(made(rows, salt).documents.tolist()) for salt in range(8)}) > 1


def test_labels_of_two_teachers_for_one_query_are_refused() -> None:
    both = Labels.joined([labels({"q": {"a": 1}}, "t"), labels({"q": {"c": 1}}, "u")])
    with pytest.raises(TableError, match=r"'t' and of 'u'.*Ensemble"):
        grouped(CORPUS, QUERIES, both, 1)


def test_two_queries_may_have_teachers_of_their_own() -> None:
    both = Labels.joined([labels({"q": {"a": 1, "c": 1}}, "t"), labels({"r": {"c": 1}}, "u")])
    assert len(grouped(CORPUS, QUERIES, both, 1)) == 2


def test_a_label_that_is_not_a_number_is_left_out() -> None:
    assert made({"q": {"a": float("nan"), "c": 1, "b": 2}}).widths.tolist() == [2]


def test_keeping_some_groups_keeps_their_documents() -> None:
    groups = made({"q": {"a": 1, "c": 2}, "r": {"d": 1, "e": 2, "f": 0}})
    kept = groups.keep(np.array([False, True]))
    assert kept.queries.tolist() == [1]
    assert sorted(kept.documents.tolist()) == [3, 4, 5]
    assert kept.starts.tolist() == [0, 3]


def test_every_group_has_its_turn_before_one_comes_again() -> None:
    groups, turns = Turns(5, seed=3).at(np.arange(12))
    assert sorted(groups[:5].tolist()) == sorted(groups[5:10].tolist()) == [0, 1, 2, 3, 4]
    assert turns.tolist() == [0] * 5 + [1] * 5 + [2] * 2
    assert groups[:5].tolist() != groups[5:10].tolist()


def test_places_may_be_asked_for_in_any_pieces() -> None:
    whole = Turns(5, seed=3).at(np.arange(12))[0]
    pieces = [Turns(5, seed=3).at(np.arange(a, a + 4))[0] for a in (0, 4, 8)]
    assert np.concatenate(pieces).tolist() == whole.tolist()


def test_groups_of_one_topic_come_one_after_the_other_in_an_order_of_chance() -> None:
    topics = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2])
    first, second = (
        topics[Turns(9, seed=5, topics=topics).at(np.arange(a, a + 9))[0]] for a in (0, 9)
    )
    assert all(
        len(set(told[i : i + 3].tolist())) == 1 for told in (first, second) for i in (0, 3, 6)
    )
    assert first.tolist() != second.tolist()


def test_a_query_without_a_topic_is_one_of_its_own() -> None:
    queries = Queries.of(
        {"query_id": q, "text": q, "split": "train", "topic": t}
        for q, t in (("p", 7), ("q", None), ("r", 7), ("s", None))
    )
    rows = np.arange(4)
    groups = Groups(rows, np.arange(5), np.zeros(4, np.int64), np.zeros(4, np.float32))
    told = topics_of(queries, groups)
    assert told is not None
    assert told[0] == told[2]
    assert len(set(told.tolist())) == 3
    assert topics_of(QUERIES, made({"q": {"a": 1, "c": 1}})) is None
