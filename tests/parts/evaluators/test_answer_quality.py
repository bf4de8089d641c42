"""AnswerQuality: answers from what was found, and from memory where that is enough."""

from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.evaluators import AnswerQuality
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

STUDENT = Student(encoder=FakeEncoder())
COPIES = Recorded(
    answers=(
        ("wax cells for the winter", "in wax cells"), ("six hours of sun", "Six hours of sun."),
        ("ice and dust", "ice and dust"), ("", "nobody knows"),
    )
)  # fmt: skip
INVENTS = Recorded(
    answers=(
        ("wax cells for the winter", "wax cells, say all poets"),
        ("six hours of sun", "it said six hours of sun"), ("", "nobody knows"),
    )
)  # fmt: skip


def measured(writer=COPIES, log=toys.ANSWERS, corpus=toys.CORPUS, **settings):
    ctx = Context(engine=FakeEngine())
    part = AnswerQuality(writer=writer, log=log, depth=1, **settings)
    rows = part(corpus, STUDENT, ctx).dicts()
    return {(r["system"], r["query_id"], r["measure"]): r["value"] for r in rows}, ctx.notes


BEES, SUN = "where do bees keep their honey", "how much sun do tomatoes need a day"


def test_an_answer_is_right_by_the_reference_and_faithful_to_what_was_found() -> None:
    values, notes = measured()
    assert values["base", SUN, "EM"] == 1
    assert values["base", BEES, "Recall"] == 1
    assert values["base", BEES, "EM"] == 0
    assert values["base", BEES, "K-Precision"] == 1
    assert notes["questions"] == {"rows": 4, "with an answer": 4}


def test_who_invents_may_be_right_and_is_not_faithful() -> None:
    """[118]: copying from the document scores 1, inventing less, with equal Recall."""
    copied, invented = measured()[0], measured(INVENTS)[0]
    for text in (BEES, SUN):
        assert copied["base", text, "Recall"] == invented["base", text, "Recall"] == 1
        assert copied["base", text, "K-Precision"] == 1 > invented["base", text, "K-Precision"]


def test_several_answers_of_people_are_references_of_one_question(tmp_path: Path) -> None:
    path = tmp_path / "answers.tsv"
    path.write_text(f"question\tanswer\n{SUN}\tmuch\n{SUN}\tsix hours of sun\n")
    values, _ = measured(log=LogFile(str(path)))
    assert values["base", SUN, "EM"] == 1
    assert {text for _, text, _ in values} == {SUN}


class Sampling(Recorded):
    """Knows about the sun without a document, and guesses about the rest."""

    def write(self, prompts, *, count, seed):
        if self.form.name != "answer_alone":
            return COPIES.write(prompts, count=count, seed=seed)
        self.asked.extend(prompts)
        made = []
        for prompt in prompts:
            guesses = ["four", "five", "six", "seven"] if "sun" not in prompt else ["six hours"] * 4
            made.append([Recorded(answers=(("", g),)).write([""], count=1, seed=0)[0][0]
                         for g in guesses[:count]])  # fmt: skip
        return made


@pytest.mark.parametrize("uncertainty", ["degree", "eccentricity"])
def test_a_search_is_saved_where_answers_without_one_are_alike(uncertainty) -> None:
    """[108]: retrieval for what is not known alone; calls are told beside what they bring."""
    values, notes = measured(Sampling(), samples=4, uncertainty=uncertainty)
    assert notes["gate"] == {"sure without a document": 1, "of": 4}
    searched = {
        text: v for (s, text, m), v in values.items() if (s, m) == ("base+gate", "searched")
    }
    assert {text for text, value in searched.items() if not value} == {SUN}
    assert values["base+gate", SUN, "Recall"] == pytest.approx(2 / 4)  # of "six hours of sun"
    assert values["base+gate", BEES, "Recall"] == values["base", BEES, "Recall"]
    assert ("base+gate", SUN, "K-Precision") not in values
    assert all(v == 1 for (s, _, m), v in values.items() if (s, m) == ("base", "searched"))


def test_a_lower_threshold_searches_more() -> None:
    values, _ = measured(Sampling(), samples=4, threshold=-1.0)
    assert {v for (s, _, m), v in values.items() if (s, m) == ("base+gate", "searched")} == {1.0}


def test_as_many_questions_as_are_wanted_are_asked() -> None:
    assert len({text for _, text, _ in measured(questions=2)[0]}) == 2
    assert measured(corpus=Corpus.empty())[0] == {}
    assert measured(log=toys.CLICKS)[0] == {}  # rows without an answer


@pytest.mark.parametrize("wrong", [{"depth": 0}, {"samples": 1}, {"samples": -2}])
def test_settings_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="2 or more"):
        AnswerQuality(writer=FakeWriter(), log=toys.ANSWERS, **wrong)
