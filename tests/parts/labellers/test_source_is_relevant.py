"""SourceIsRelevant: 1 for the source, 0 for the others."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour, samples


def test_the_source_is_one_and_the_others_are_nought_in_the_candidates_order() -> None:
    tables = samples.things()
    candidates = tables[Candidates]
    labels = SourceIsRelevant()(tables[Corpus], tables[Queries], candidates, Context())
    assert labels["query_id"] == candidates["query_id"]
    assert labels["doc_id"] == candidates["doc_id"]
    assert labels["value"] == [float(s) for s in candidates["is_source"]]
    assert sum(labels["value"]) == 12
    assert set(labels["teacher"]) == {"source"}


def test_on_a_scale_of_grades_what_was_mined_may_count_for_something() -> None:
    tables = samples.things()
    candidates = tables[Candidates]
    part = SourceIsRelevant(relevant=3.0, other=1.0)
    labels = part(tables[Corpus], tables[Queries], candidates, Context())
    assert labels["value"] == [3.0 if s else 1.0 for s in candidates["is_source"]]


def test_a_copy_of_the_source_is_no_negative() -> None:
    corpus = Corpus.of(
        {"doc_id": d, "title": "", "text": text}
        for d, text in (("a", "Warm milk."), ("b", "warm  milk"), ("c", "cold milk"))
    )
    queries = Queries.of(
        [{"query_id": "q", "text": "milk", "source_doc_id": "a", "split": "train"}]
    )
    found = Candidates.of(
        {
            "query_id": "q", "doc_id": d, "rank": rank, "score": 0.0,
            "is_source": d == "a", "miner": "m",
        }
        for rank, d in enumerate("bac", 1)
    )  # fmt: skip
    ctx = Context()
    labels = SourceIsRelevant()(corpus, queries, found, ctx)
    assert list(zip(labels["doc_id"], labels["value"], strict=True)) == [("a", 1.0), ("c", 0.0)]
    assert ctx.notes["copies of the source"] == 1


def test_a_source_worth_no_more_than_others_is_refused() -> None:
    with pytest.raises(RecipeError, match="worth more"):
        SourceIsRelevant(relevant=1.0, other=1.0)


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(SourceIsRelevant(), folder="labellers")
