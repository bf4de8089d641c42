"""enterprise from end to end: records asked for by task, among their own sort. [103]"""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, loops
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.enterprise import TASKS, enterprise
from acclimate.tables import Candidates, Corpus, Queries

pytestmark = pytest.mark.integration

NAMES = ("orders", "users", "invoices", "parts", "stores", "routes")


@pytest.fixture(scope="module")
def house() -> Corpus:
    """Tables and steps, with fields of their own."""
    tables = (
        {"doc_id": f"table {n}", "title": n, "text": f"All {n} of the shop.",
         "meta": json.dumps({"owner": f"team {n}", "columns": f"{n} key"})}
        for n in NAMES
    )  # fmt: skip
    steps = (
        {"doc_id": f"step {n}", "title": f"notify {n}", "text": f"Writes to {n} of the shop.",
         "meta": json.dumps({"trigger": f"new {n}", "action": f"mail {n}"})}
        for n in NAMES
    )  # fmt: skip
    return Corpus.of([*tables, *steps])


def test_it_names_no_model() -> None:
    assert list(refs_of((enterprise().steps, enterprise().judge))) == []


def test_the_cap_comes_before_anything_is_mined() -> None:
    names = [type(step).__name__ for step in enterprise().steps]
    assert names.index("Frequency") < names.index("BM25") < names.index("SamePool")
    assert filters.Frequency(at_most=10) in enterprise().steps


def test_what_a_record_is_called_is_not_read_in_it_where_that_asks() -> None:
    assert isinstance(enterprise().steps[-1], loops.Cloze)


def test_tasks_share_a_model_and_no_pool(models, house: Corpus, tmp_path: Path) -> None:
    """[103]: no item has more requests than the cap; negatives are of the task's own pool."""
    recipe = enterprise(queries=40, held_out=4, at_most=2, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), house, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert max(Counter(queries["source_doc_id"]).values()) == 2
    told = {text.split("\n")[1] for text in queries["text"]}
    assert told <= {instruction for instruction, _ in TASKS}
    assert len(told) >= 2
    found = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    pairs = list(zip(found["query_id"], found["doc_id"], strict=True))
    assert all(source[query].split()[0] == doc.split()[0] for query, doc in pairs)
    assert len(pairs) > len(queries)
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
