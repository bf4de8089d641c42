"""RetrieverDistribution: drawn as the retriever would choose, with ln Q as score. [027]"""

from collections import Counter
from math import log

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import RetrieverDistribution
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]
# Q = (1/4, 1/2, 1/4), as in the catalogue's sampled softmax
SCORES = {"a": log(2), "s": 0.0, "b": 0.0}


def test_scores_are_the_logarithms_of_the_probabilities() -> None:
    miner, corpus, queries = known({"q": SCORES})
    part = RetrieverDistribution(miner=miner, temperature=1.0)
    found = part(corpus, queries, STUDENT, Context())
    assert found_by(found) == {"q": ["a", "s", "b"]}
    assert found["score"] == pytest.approx([log(1 / 2), log(1 / 4), log(1 / 4)], abs=1e-6)


def test_the_temperature_divides_the_scores() -> None:
    miner, corpus, queries = known({"q": SCORES})
    part = RetrieverDistribution(miner=miner, temperature=0.5)  # 4 : 1 : 1
    found = part(corpus, queries, STUDENT, Context())
    assert found["score"] == pytest.approx([log(4 / 6), log(1 / 6), log(1 / 6)], abs=1e-6)


def test_a_document_is_drawn_as_often_as_the_retriever_would_choose_it() -> None:
    """One of two others, a : b = 2 : 1."""
    miner, corpus, queries = known({f"q{n}": SCORES for n in range(2_000)})
    part = RetrieverDistribution(miner=miner, count=1, temperature=1.0)
    found = found_by(part(corpus, queries, STUDENT, Context()))
    times = Counter(d for documents in found.values() for d in documents)
    assert times["s"] == 2_000
    assert times["a"] / 2_000 == pytest.approx(2 / 3, abs=4 * 0.0105)


def test_scores_are_of_the_whole_list_whatever_was_drawn() -> None:
    miner, corpus, queries = known({"q": SCORES})
    part = RetrieverDistribution(miner=miner, count=1, temperature=1.0)
    found = part(corpus, queries, STUDENT, Context())
    told = dict(zip(found["doc_id"], found["score"], strict=True))
    assert told["s"] == pytest.approx(log(1 / 4), abs=1e-6)
    assert len(told) == 2


@pytest.mark.parametrize("settings", [{"count": 0}, {"temperature": 0.0}], ids=["count", "none"])
def test_no_draw_and_no_softmax_are_refused(settings) -> None:
    with pytest.raises(RecipeError, match="temperature above 0"):
        RetrieverDistribution(**settings)
