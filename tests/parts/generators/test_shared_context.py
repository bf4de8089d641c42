"""SharedContext: tasks of several kinds on the same documents, with what is right. [008]"""

import json

import pytest

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence
from acclimate.parts.generators import SharedContext
from acclimate.parts.generators.shared_context import TASKS
from acclimate.parts.labellers import AnswerMatch
from acclimate.parts.miners import EntityNeighbours
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import behaviour, toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in (
        ("ada", "Ada Lovelace met Mr Babbage."),
        ("babbage", "Mr Babbage built an engine."),
        ("bees", "Bees dance."),
    )
)
YES, NO = json.dumps({"supported": True}), json.dumps({"supported": False})


def said(text: str, answer: str) -> str:
    return json.dumps({"input": text, "output": answer})


WRITTEN = (
    (f"{TASKS[0][1]}\n", said("who built\nan engine?", "Mr Babbage")),
    (f"{TASKS[1][1]}\n", said("Ada built an engine", "Mr Babbage did.")),
    (f"{TASKS[2][1]}\n", said("I need an engine", "")),
    (f"{TASKS[3][1]}\n", said("engine: who built it", "Mr Babbage")),
)


def write(part: SharedContext, corpus: Corpus = CORPUS) -> tuple[Queries, Context]:
    ctx = Context(engine=FakeEngine())
    return part(corpus, ctx), ctx


def test_each_kind_of_task_asks_about_the_same_documents() -> None:
    """[008]: inputs and outputs of several kinds on one shared context."""
    writer = Recorded(answers=WRITTEN, log_probs=(-0.5,))
    queries, ctx = write(SharedContext(writer=writer, check=False), CORPUS.head(2))
    assert queries["kind"] == ["question", "claim", "slot"] * 2
    assert queries["source_doc_id"] == ["ada"] * 3 + ["babbage"] * 3
    assert queries["text"][0] == "who built an engine?"
    assert queries["answer"][:3] == ["Mr Babbage", "Mr Babbage did.", "Mr Babbage"]
    assert queries["log_prob"][:2] == [-0.5, None]
    shown = [fence("document", text) for text in CORPUS["text"][:2]]
    for number, question in enumerate(writer.asked):
        assert TASKS[number % 4][1] in question
        places = [question.index(text) for text in shown]
        assert places == (sorted(places) if number < 4 else sorted(places, reverse=True))
    assert ctx.notes["left out"] == {"without an input or an output": 2}
    assert ctx.notes["contexts by their documents"] == {"2": 2}


def test_an_output_that_does_not_follow_is_left_out_and_counted() -> None:
    """[008]: quality is checked: with the documents, the input and the output before the judge."""
    judged = (("Ada built", NO), ("who built it", ""), ("Does the answer follow", YES))
    checker = Recorded(answers=judged)
    part = SharedContext(writer=Recorded(answers=WRITTEN), checker=checker)
    queries, ctx = write(part, CORPUS.head(1))
    assert queries["text"] == ["who built an engine?"]
    assert ctx.notes["left out"] == {
        "without an input or an output": 1, "not supported": 1, "no verdict": 1,
    }  # fmt: skip
    first = checker.asked[0]
    assert fence("query", "who built an engine?") in first
    assert fence("answer", "Mr Babbage") in first
    assert fence("document", CORPUS["text"][0]) in first


def test_the_writer_looks_over_its_own_tasks_where_nobody_else_does() -> None:
    writer = Recorded(answers=(("Does the answer follow", YES), *WRITTEN))
    queries, _ = write(SharedContext(writer=writer), CORPUS.head(1))
    assert len(queries) == 3
    assert sum("Does the answer follow" in text for text in writer.asked) == 3


def test_the_miner_brings_what_was_shown_and_the_answer_is_looked_for() -> None:
    """[008]: the same context is labelled by what is known of the answer."""
    queries, ctx = write(SharedContext(writer=Recorded(answers=WRITTEN[:1]), check=False))
    assert queries["source_doc_id"] == ["ada", "babbage", "bees"]
    found = EntityNeighbours(count=4)(CORPUS, queries.head(1), ctx)
    labels = AnswerMatch()(CORPUS, queries, found, ctx)
    assert dict(zip(labels["doc_id"], labels["value"], strict=True)) == {"ada": 1, "babbage": 1}


def test_documents_are_drawn_by_their_ids() -> None:
    part = SharedContext(writer=Recorded(answers=WRITTEN), documents=3, check=False)
    queries, _ = write(part, toys.CORPUS)
    assert len(set(queries["source_doc_id"])) == 3
    places = [toys.CORPUS.position[name] for name in queries["source_doc_id"]]
    assert places == sorted(places)
    assert part.kinds == ("question", "claim", "dialogue", "slot")


@pytest.mark.parametrize(
    "wrong",
    [{"tasks": ()}, {"tasks": (("a", "x"), ("a", "y"))}, {"documents": 0}, {"size": 0}],
    ids=["no task", "one twice", "no document", "no size"],
)
def test_settings_that_write_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="SharedContext"):
        SharedContext(writer=FakeWriter(), **wrong)


def test_it_obeys_the_laws_of_generators() -> None:
    part = SharedContext(writer=Recorded(answers=WRITTEN), check=False)
    behaviour.check_all(part, folder="generators")
