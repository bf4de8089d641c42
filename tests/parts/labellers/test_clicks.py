"""Clicks: log2(clicks + 1). [096]"""

import pytest
import torch

from acclimate.parts.generators import ClickLog
from acclimate.parts.labellers import Clicks
from acclimate.parts.losses import SymmetricInfoNCE
from acclimate.parts.miners import RandomDocuments
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels, Queries
from acclimate.testing import behaviour, toys

QUERIES = ClickLog(log=toys.CLICKS)(toys.CORPUS, Context())


def asked(*texts: str) -> Queries:
    return Queries.of({"query_id": text, "text": text, "split": "train"} for text in texts)


def candidates(queries: Queries, *documents: str) -> Candidates:
    return Candidates.of(
        {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for q in queries["query_id"]
        for r, d in enumerate(documents, 1)
    )


def values(labels: Labels) -> dict[tuple[str, str], float]:
    keys = zip(labels["query_id"], labels["doc_id"], strict=True)
    return dict(zip(keys, labels["value"], strict=True))


def test_clicks_weigh_by_their_logarithm() -> None:
    """[096]: w = log2(clicks + 1): 3 clicks are 2, 1 is 1, none is 0."""
    tide = asked("what causes the tide")
    found = candidates(tide, "moon", "rice", "tides")
    labels = Clicks(log=toys.CLICKS)(toys.CORPUS, tide, found, Context())
    assert labels["value"] == [1.0, 0.0, 2.0]
    assert set(labels["teacher"]) == {"clicks"}


def test_a_query_in_other_capitals_is_the_same() -> None:
    tide = asked("What causes the tide?")
    labels = Clicks(log=toys.CLICKS)(toys.CORPUS, tide, candidates(tide, "moon"), Context())
    assert labels["value"] == [1.0]


def test_queries_that_nobody_asked_have_no_labels() -> None:
    both, ctx = asked("what causes the tide", "who am I"), Context()
    labels = Clicks(log=toys.CLICKS)(toys.CORPUS, both, candidates(both, "moon"), ctx)
    assert values(labels) == {("what causes the tide", "moon"): 1.0}
    assert ctx.notes["queries that nobody asked"] == 1


def test_beyond_the_candidates_stands_what_else_was_clicked() -> None:
    tide = asked("what causes the tide")
    found = candidates(tide, "moon", "rice")
    labels = Clicks(log=toys.CLICKS, beyond=True)(toys.CORPUS, tide, found, Context())
    told = {document: value for (_, document), value in values(labels).items()}
    assert told == {"moon": 1.0, "rice": 0.0, "tides": 2.0}


def test_labels_and_loss_together_give_the_value_of_biocpt() -> None:
    """[096]: S = [[2, 0], [1, 1]], clicks (1, 3): .8 · .50441 + .2 · .31326 = .46618."""
    two = asked("tail of a comet", "what causes the tide")
    found = candidates(two, "comets", "tides")
    told = values(Clicks(log=toys.CLICKS)(toys.CORPUS, two, found, Context()))
    targets = torch.tensor([[told[q, d] for d in ("comets", "tides")] for q in two["query_id"]])
    scores = torch.tensor([[2.0, 0.0], [1.0, 1.0]])
    loss = SymmetricInfoNCE(temperature=1.0, share=0.8, weighted=True)
    assert targets.tolist() == [[1.0, 0.0], [0.0, 2.0]]
    assert loss(scores, targets, targets < 5).item() == pytest.approx(0.46618, abs=5e-6)


def test_each_query_of_a_log_has_its_document_first() -> None:
    found = RandomDocuments(count=1)(toys.CORPUS, QUERIES, Context())
    told = values(Clicks(log=toys.CLICKS)(toys.CORPUS, QUERIES, found, Context()))
    own = zip(QUERIES["query_id"], QUERIES["source_doc_id"], strict=True)
    assert all(told[pair] >= 1 for pair in own)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(Clicks(log=toys.CLICKS), folder="labellers")
