"""QueryKinds [085]: one query of each kind, or kinds by shares; three examples of the kind."""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import QueryKinds
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(
    doc_id=[f"d{n}" for n in range(400)],
    title=[""] * 400,
    text=[f"bee number {n}" for n in range(400)],
)
KINDS = ("question", "claim", "title", "keywords", "search", "open")
BY_KIND = (
    ("a title", "Bees"), ("keywords", "bee number"),
)  # fmt: skip


def ctx() -> Context:
    return Context(engine=FakeEngine())


def test_each_document_gets_one_query_of_each_of_the_six_kinds() -> None:
    """[085] six types, one query of each type for each passage."""

    class Numbered(Recorded):
        def _answer(self, prompt):
            from acclimate.models.ref import Written

            return Written(f"{self.form.name} {prompt.split('number ')[1].split()[0]}", -1.0)

    written = QueryKinds(writer=Numbered())(CORPUS.head(2), ctx())
    assert written["kind"] == [*KINDS, *KINDS]
    assert written["text"] == [f"kind_{k} {n}" for n in (0, 1) for k in KINDS]
    assert written["source_doc_id"] == ["d0"] * 6 + ["d1"] * 6


def test_with_shares_a_document_gets_one_kind() -> None:
    writer = Recorded(answers=(("bee number", "a bee"),))
    part = QueryKinds(writer=writer, kinds=("question", "opinion"), shares=(3, 1))
    kinds = Counter(part(CORPUS, ctx())["kind"])
    assert kinds.total() == 400
    # 300 of 400 are expected; the deviation is √(400·¾·¼) = 8.7, four of them 35.
    assert abs(kinds["question"] - 300) < 35


def test_three_examples_of_the_kind_are_shown_but_none_to_the_open_one() -> None:
    examples = tuple(
        (kind, f"doc {n}", f"example {kind} {n}") for kind in ("title", "open") for n in range(5)
    )
    writer = Recorded()
    QueryKinds(writer=writer, kinds=("title", "open"), examples=examples)(CORPUS.head(1), ctx())
    title, free = writer.asked
    assert title.count("example title") == 3
    assert "example" not in free


def test_equal_answers_of_two_kinds_are_one_query() -> None:
    writer = Recorded(answers=(("bee number", "a bee"),))
    assert QueryKinds(writer=writer)(CORPUS.head(1), ctx())["kind"] == ["question"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kinds": ()}, "name each kind once"),
        ({"kinds": ("title", "title")}, "name each kind once"),
        ({"kinds": ("titel",)}, "Did you mean 'kind_title'"),
        ({"shares": (1.0,)}, "6 kinds and the shares"),
    ],
)
def test_kinds_and_shares_that_do_not_fit_are_refused(wrong, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        QueryKinds(writer=Recorded(), **wrong)


def test_personas_ask_about_as_often_each_and_nobody_in_particular_without_them() -> None:
    personas = ("a nurse on a night shift", "a student before an exam")
    writer = Recorded(answers=(("bee number", "a bee"),))
    QueryKinds(writer=writer, kinds=("question",), personas=personas)(CORPUS, ctx())
    asked = Counter(
        persona
        for prompt in writer.asked
        for persona in personas
        if f"Write as this person would: {persona}." in prompt
    )
    assert asked.total() == 400
    assert abs(asked[personas[0]] - 200) < 40  # four standard deviations of √(400·¼)
    plain = Recorded()
    QueryKinds(writer=plain, kinds=("question",))(CORPUS.head(1), ctx())
    assert "this person" not in plain.asked[0]


def test_a_persona_of_no_words_is_refused() -> None:
    with pytest.raises(RecipeError, match="say who asks"):
        QueryKinds(writer=Recorded(), personas=(" ",))
