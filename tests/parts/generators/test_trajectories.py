"""Trajectories [094]: what was found on a way to the right answer is asked for."""

import json
from typing import Any

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import Trajectories
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing.fakes import FakeEngine, FakeIndex, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(
    doc_id=["area", "rust"],
    title=["", ""],
    text=["The perimeter of a rectangle is twice the sum of its sides.", "Rust grows on iron."],
)
PROBLEM = "A field is 3 by 4. How long is its fence?"


class Solver(Recorded):
    """Solves the field's problem once it has read of perimeters, and no other."""

    def write(self, prompts, *, count, seed):
        self.asked.extend(f"{self.form.name}\n{prompt}" for prompt in prompts)
        answers = self.script.get(self.form.name, ())
        return Recorded(answers=answers).write(prompts, count=count, seed=seed)

    @property
    def script(self) -> dict[str, tuple[tuple[str, str], ...]]:
        return {
            "problem": (
                ("perimeter", json.dumps({"problem": PROBLEM, "answer": "14"})),
                ("Rust", json.dumps({"problem": "What eats the ship?", "answer": "rust"})),
            ),
            "next_step": (("", "One side is 3."),),
            "search_for": (("fence", "perimeter of a rectangle"), ("ship", "perimeter of ships")),
            "helps_solve": (
                (PROBLEM, '{"helps": true}'), ("ship", '{"helps": false}'),
            ),
            "finish_solution": (
                ("perimeter", '{"solution": "2 · 7", "answer": "14."}'),
                ("", '{"solution": "?", "answer": "12"}'),
            ),
            "kind_keywords": (("", "rectangle perimeter sides"),),
        }  # fmt: skip


def made(writer: Any = None, **settings):
    ctx = Context(engine=FakeEngine())
    part = Trajectories(writer=writer or Solver(), index=FakeIndex(), **settings)
    queries = part(CORPUS, ctx)
    return queries, ctx.notes["problems"]


def test_a_way_to_the_right_answer_gives_queries_for_what_it_found() -> None:
    """[094] question, partial solution, written query, lexical query."""
    queries, told = made(rollouts=4)
    assert dict(zip(queries["kind"], queries["text"], strict=True)) == {
        "trajectory question": PROBLEM,
        "trajectory llm": "perimeter of a rectangle",
        "trajectory lexical": "rectangle perimeter sides",
    }
    assert set(queries["source_doc_id"]) == {"area"}
    assert (told["written"], told["solved"]) == (2, 1)


def test_a_search_after_a_step_brings_the_steps_before_it() -> None:
    """Where the first search finds nothing of use, the next begins behind a step."""

    class Late(Solver):
        @property
        def script(self):
            helps = (("One side", '{"helps": true}'), ("", '{"helps": false}'))
            return {**super().script, "helps_solve": helps}

    queries, _ = made(Late(), rollouts=8, kinds=("partial",))
    assert queries["kind"] == ["trajectory partial"]
    assert queries["text"][0].startswith(f"{PROBLEM} One side is 3.")


def test_what_does_not_help_is_not_gone_on_from_and_is_counted() -> None:
    """[094] self-reflection: the ship's problem finds perimeters, which do not help."""
    writer = Solver()
    _, told = made(writer, rollouts=3)
    shown = [asked for asked in writer.asked if asked.startswith("finish") and "ship" in asked]
    assert shown
    assert not any("perimeter" in asked for asked in shown)
    assert told["of no help"] >= 1


def test_a_problem_is_left_when_it_is_solved() -> None:
    """The field's takes one try, the ship's all of them."""
    _, few = made(rollouts=1)
    _, many = made(rollouts=5)
    assert (few["tries"], many["tries"]) == (2, 1 + 5)


def test_a_writer_that_writes_no_problem_is_asked_nothing_more() -> None:
    queries, told = made(Recorded())
    assert len(queries) == 0
    assert told == {"written": 0, "solved": 0, "tries": 0, "found": 0, "of no help": 0}


@pytest.mark.parametrize(
    "wrong", [{"rollouts": 0}, {"depth": 0}, {"samples": 0}, {"kinds": ()}, {"weight": -1.0}]
)
def test_settings_that_try_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        Trajectories(writer=FakeWriter(), **wrong)
