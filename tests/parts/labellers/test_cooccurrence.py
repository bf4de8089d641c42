"""Cooccurrence: values of a record in a query. [073]"""

import json

import pytest
import torch

from acclimate.parts.labellers import Cooccurrence
from acclimate.parts.losses import TrueFalse
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour

RECORDS = {
    "g1": ("Gazelle", {"colour": "red", "kind": "racing bike", "gears": 11}),
    "b1": ("Batavus", {"colour": "red", "kind": "city bike", "gears": 3}),
    "b2": ("Batavus", {"colour": "blue", "kind": "city bike", "gears": 7}),
    "plain": ("", {}),
}
CORPUS = Corpus.of(
    {"doc_id": d, "title": title, "text": "A bike.", "meta": json.dumps(fields)}
    for d, (title, fields) in RECORDS.items()
)


def values(text: str) -> tuple[dict[str, float], Context]:
    queries = Queries.of([{"query_id": "q", "text": text, "split": "train"}])
    found = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for r, d in enumerate(RECORDS, 1)
    )
    ctx = Context()
    labels = Cooccurrence()(CORPUS, queries, found, ctx)
    return dict(zip(labels["doc_id"], labels["value"], strict=True)), ctx


def test_a_record_counts_by_the_values_that_the_query_names() -> None:
    """[073]: targets from the co-occurrence of values with the context."""
    assert values("a red city bike")[0] == {"g1": 1, "b1": 2, "b2": 1}
    assert values("Batavus with 7 gears")[0] == {"g1": 0, "b1": 1, "b2": 2}


def test_words_of_a_value_must_stand_together() -> None:
    assert values("racing on a bike")[0] == {"g1": 0, "b1": 0, "b2": 0}


def test_what_has_no_field_has_no_label_and_is_counted() -> None:
    told, ctx = values("a red bike")
    assert "plain" not in told
    assert ctx.notes["candidates without a field"] == 1


def test_fields_are_learned_as_the_paper_does() -> None:
    """[073]: probabilities [.8, .3] with targets [1, 0]: −(ln .8 + ln .7) / 2 = 0.289909."""
    scores = torch.tensor([[0.8, 0.3]]).logit()
    loss = TrueFalse()(scores, torch.tensor([[1.0, 0.0]]), torch.ones(1, 2).bool())
    assert loss.item() == pytest.approx(0.289909, abs=1e-6)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(Cooccurrence(), folder="labellers")
