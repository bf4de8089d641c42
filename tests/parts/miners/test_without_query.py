"""WithoutQuery: the source of a query has the score that it has without it."""

import numpy as np
import pytest

from acclimate.parts.generators import InverseCloze
from acclimate.parts.miners import RetrieverDistribution, WithoutQuery, WithStudent
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine

STUDENT = samples.things()[samples.Student]
QUERIES = InverseCloze(mask_rate=1)(toys.CORPUS, Context())
INNER = WithStudent(depth=3)


def mined(miner, queries=QUERIES):
    found = miner(toys.CORPUS, queries, STUDENT, Context(engine=FakeEngine()))
    pairs = zip(found["query_id"], found["doc_id"], strict=True)
    return found, dict(zip(pairs, found["score"], strict=True))


def without(query: dict, document: dict) -> float:
    """The cosine of a query and its document without it."""
    rest = document["text"].replace(query["text"] + ".", "")
    texts = Corpus.of([{**document, "text": rest}]).contents
    (asked,), (read,) = (STUDENT.encoder.encode(t, kind="query") for t in ([query["text"]], texts))
    return float(asked @ read)


def test_a_source_is_rated_without_its_query_and_others_are_as_they_were() -> None:
    found, score = mined(WithoutQuery(miner=INNER))
    _, before = mined(INNER)
    documents = {row["doc_id"]: row for row in toys.CORPUS.dicts()}
    sources = {
        (q["query_id"], q["source_doc_id"]): without(q, documents[q["source_doc_id"]])
        for q in QUERIES.dicts()
    }
    assert len(sources) == len(toys.CORPUS)
    assert score.keys() == before.keys()
    assert {p: s for p, s in score.items() if p not in sources} == pytest.approx(
        {p: s for p, s in before.items() if p not in sources}
    )
    assert {pair: score[pair] for pair in sources} == pytest.approx(sources, abs=1e-6)
    assert all(before[pair] > score[pair] + 0.1 for pair in sources)
    for query in QUERIES["query_id"]:
        own = found.where("query_id", [query])
        assert own["rank"] == list(range(1, len(own) + 1))
        assert own["score"] == sorted(own["score"], reverse=True)
        assert own["is_source"].count(True) == 1


def test_what_no_piece_was_cut_out_of_is_found_as_ever() -> None:
    shown = InverseCloze(mask_rate=0)(toys.CORPUS, Context())
    found, _ = mined(WithoutQuery(miner=INNER), shown)
    assert found.digest == mined(INNER, shown)[0].digest


def test_the_share_of_a_source_is_that_of_what_will_be_read() -> None:
    """With the query in it a source takes nearly all of the softmax, and then says nothing."""
    is_source = set(zip(QUERIES["query_id"], QUERIES["source_doc_id"], strict=True))

    def shares(miner) -> float:
        _, log_q = mined(RetrieverDistribution(miner=miner, temperature=0.05))
        return float(np.mean([np.exp(log_q[pair]) for pair in is_source]))

    assert shares(INNER) > 0.95 > shares(WithoutQuery(miner=INNER))
