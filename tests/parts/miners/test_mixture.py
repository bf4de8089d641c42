"""Mixture: drawn from the lists of several miners by their weights. [087]"""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import Mixture
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]
DRAWS = 10_000


def test_ten_thousand_draws_reproduce_the_weights() -> None:
    """[087] Weights .5, .3, .2; each list has two documents, one of them in two lists.

    a: .5/2; ab: .5/2 + .3/2; b: .3/2; c and d: .2/2 each.
    """
    queries_ = [f"q{n}" for n in range(DRAWS)]
    first, corpus, queries = known({q: {"s": 3, "a": 2, "ab": 1} for q in queries_})
    second = known({q: {"ab": 2, "b": 1, "s": 0} for q in queries_}, name="second")
    third = known({q: {"c": 2, "d": 1, "s": 0} for q in queries_}, name="third")
    corpus = corpus.joined([corpus, second[1].keep([False, True, False]), third[1].head(2)])
    part = Mixture((first, second[0], third[0]), weights=(0.5, 0.3, 0.2), count=1)
    found = found_by(part(corpus, queries, STUDENT, Context()))
    times = Counter(d for documents in found.values() for d in documents)
    assert times.pop("s") == DRAWS
    expected = {"a": 0.25, "ab": 0.40, "b": 0.15, "c": 0.10, "d": 0.10}
    assert {d: count / DRAWS for d, count in times.items()} == pytest.approx(expected, abs=0.02)


def lists_of(*words: str, **settings):
    """Documents of one letter; each word is a miner's list, best first."""
    members, corpus = [], None
    for number, word in enumerate(words):
        miner, documents, queries = known(
            {"q": {d: -rank for rank, d in enumerate(word)}}, name=f"m{'abc'[number]}"
        )
        members.append(miner)
        known_ids = corpus["doc_id"] if corpus else []
        fresh = documents.keep([d not in known_ids for d in documents["doc_id"]])
        corpus = documents.joined([corpus, fresh]) if corpus else documents
    return Mixture(tuple(members), **settings)(corpus, queries, STUDENT, Context())


def test_each_document_is_there_once_with_the_names_of_all_that_found_it() -> None:
    found = lists_of("abs", "bcs", count=9)
    named = dict(zip(found["doc_id"], found["miner"], strict=True))
    assert named == {"a": "ma", "b": "ma+mb", "c": "mb", "s": "ma+mb"}
    assert sorted(found["rank"]) == [1, 2, 3, 4]


def test_the_source_stays_and_does_not_count() -> None:
    found = lists_of("abs", "bcs", count=2)
    assert len(found) == 3
    assert sum(found["is_source"]) == 1


def test_a_list_of_the_source_alone_brings_nothing() -> None:
    assert sorted(lists_of("s", "bs", count=5)["doc_id"]) == ["b", "s"]


@pytest.mark.parametrize(
    "settings",
    [{"members": ()}, {"count": 0}, {"weights": (1.0,)}, {"weights": (1.0, 0.0)}],
    ids=["none", "count", "too few", "zero"],
)
def test_weights_that_do_not_fit_are_refused(settings) -> None:
    with pytest.raises(RecipeError, match=r"miners\.Mixture has"):
        Mixture(**settings)
