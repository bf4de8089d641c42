"""DatasetTransform [065]: a plan for each data set, carried out row by row."""

import json

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import DatasetTransform
from acclimate.parts.generators.dataset_transform import data_sets, rows_told
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.of(
    {"doc_id": name, "title": name, "text": text, "meta": json.dumps(meta) if meta else None}
    for name, text, meta in (
        ("pad", "Rubber.", {"price": 4}), ("chain", "Steel.", {"price": 9}),
        ("bell", "Brass.", {"price": 2}), ("note-1", "Call Ann.", {"author": "Bob"}),
        ("note-2", "Call Bob.", {"author": "Ann"}), ("bare", "Nothing else.", None),
    )
)  # fmt: skip
PLANS = (
    ("price: 4", '{"plan": "Ask for what costs so much."}'),
    ("author: Bob", '{"plan": "Ask who wrote it."}'),
)
ROWS = (
    ("Rubber.", '{"query": "which pad costs 4"}'), ("Steel.", '{"query": "which chain costs 9"}'),
    ("Brass.", '{"query": ""}'), ("Call Ann.", '{"query": "who should call Ann"}'),
    ("Call Bob.", '{"query": ""}'),
)  # fmt: skip


class Planning(Recorded):
    """Answers the two prompts differently, though both hold the rows."""

    def write(self, prompts, *, count, seed):
        self.asked.extend(prompts)
        answers = PLANS if self.form.name == "plan_transform" else ROWS
        return Recorded(answers=answers).write(prompts, count=count, seed=seed)


def made(**settings):
    ctx = Context(engine=FakeEngine())
    return DatasetTransform(writer=Planning(), **settings)(CORPUS, ctx), ctx.notes["data sets"]


def test_rows_with_the_same_fields_are_one_data_set() -> None:
    assert data_sets(CORPUS) == {"price": [0, 1, 2], "author": [3, 4], "text": [5]}
    assert rows_told(CORPUS)[0] == "title: pad\ntext: Rubber.\nprice: 4"


def test_rows_that_give_nothing_are_dropped_and_counted() -> None:
    """[065] null rows."""
    queries, told = made()
    assert queries["text"] == ["which pad costs 4", "which chain costs 9", "who should call Ann"]
    assert queries["source_doc_id"] == ["pad", "chain", "note-1"]
    assert told["price"] == {"rows": 3, "gave nothing": 1, "used": True}


def test_a_data_set_with_too_many_failures_gives_no_query() -> None:
    """[065] one of three fails in one set, one of two in the other, all without a plan."""
    queries, told = made(at_most_failed=0.4)
    assert queries["source_doc_id"] == ["pad", "chain"]
    assert told["author"] == {"rows": 2, "gave nothing": 1, "used": False}
    assert told["text"] == {"rows": 1, "gave nothing": 1, "used": False}


def test_carrying_out_a_plan_twice_gives_the_same() -> None:
    """[065] deterministic."""
    assert made()[0].digest == made()[0].digest


def test_the_plan_sees_some_rows_and_each_row_sees_the_plan() -> None:
    writer = Planning()
    part = DatasetTransform(writer=writer, task="a riddle", shown=2)
    part(CORPUS, Context(engine=FakeEngine()))
    plan, *_ = (asked for asked in writer.asked if "Make a plan" in asked)
    assert ("Rubber." in plan, "Brass." in plan) == (True, False)
    rows = [asked for asked in writer.asked if "Carry out" in asked]
    assert len(rows) == 5
    assert all(asked.startswith("A query is a riddle.") for asked in rows)
    assert sum("\nAsk for what costs so much.\n</plan" in asked for asked in rows) == 3


@pytest.mark.parametrize("wrong", [{"task": " "}, {"shown": 0}, {"at_most_failed": 2.0}])
def test_settings_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="share of failures"):
        DatasetTransform(writer=FakeWriter(), **wrong)
