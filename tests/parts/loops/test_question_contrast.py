"""QuestionContrast: questions against minimal edits of them. [053]"""

from dataclasses import dataclass, field

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.loops import QuestionContrast
from acclimate.parts.loops.question_contrast import contrasted
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys

ASKED = {
    "peru": ("what is the capital of Peru", "lima"),
    "chile": ("what is the capital of Chile", "santiago"),
    "seat": ("where does Peru govern from", "lima"),
    "largest": ("what is the largest city of Peru", "lima"),
    "bees": ("how do bees make honey", "hive"),
}
QUERIES = Queries.of(
    {"query_id": q, "text": text, "source_doc_id": source, "split": "train"}
    for q, (text, source) in ASKED.items()
)


@dataclass(frozen=True, kw_only=True)
class Learns:
    """A loop that keeps what it was given."""

    given: list[tuple[Corpus, Queries, Labels]] = field(default_factory=list, compare=False)

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        self.given.append((corpus, queries, labels))
        return student


def told(**settings: int) -> dict[str, dict[str, float]]:
    settings = {"at_most_edits": 2, "count": 4, "key": 1, **settings}
    _, _, labels = contrasted(QUERIES, **settings)
    found: dict[str, dict[str, float]] = {}
    for row in labels.dicts():
        found.setdefault(row["query_id"], {})[row["doc_id"]] = row["value"]
    return found


def test_a_question_near_in_words_and_of_another_source_is_not_relevant() -> None:
    """[053]: the minimal edit with another answer is the negative question."""
    found = told(at_most_edits=1)
    assert set(found) == {"peru", "chile"}
    assert found["peru"]["chile"] == 0
    assert found["chile"]["peru"] == 0


def test_another_question_of_the_source_is_relevant_or_the_question_itself() -> None:
    """[053]: a paraphrase is the positive question."""
    found = told(at_most_edits=1)
    (like,) = (other for other, value in found["peru"].items() if value == 1)
    assert like in {"seat", "largest"}
    assert found["chile"] == {"chile": 1.0, "peru": 0.0}


def test_an_edit_of_the_same_source_is_no_negative() -> None:
    for own in told(at_most_edits=3).values():
        assert sum(value == 1 for value in own.values()) == 1
    assert "largest" not in {o for o, v in told(at_most_edits=3)["peru"].items() if v == 0}


def test_no_more_edits_than_wanted_come() -> None:
    many = Queries.of(
        {"query_id": f"q{n}", "text": f"capital of {n}", "source_doc_id": f"d{n}", "split": "train"}
        for n in range(30)
    )
    _, asked, labels = contrasted(many, at_most_edits=1, count=3, key=0)
    assert len(asked) == 30
    assert len(labels) == 30 * (1 + 3)


def test_documents_train_first_and_then_questions() -> None:
    things = samples.things()
    first, second = Learns(), Learns()
    part = QuestionContrast(loop=first, questions=second)
    ctx = Context()
    labels = Labels.of([{"query_id": "peru", "doc_id": "moon", "value": 1.0, "teacher": "t"}])
    part(toys.CORPUS, QUERIES, labels, things[Student], ctx)
    ((corpus, queries, given),) = first.given
    assert (len(corpus), len(queries), given["value"]) == (12, 5, [1.0])
    ((corpus, queries, given),) = second.given
    assert set(corpus["text"]) == {text for text, _ in ASKED.values()}
    assert set(queries["source_doc_id"]) <= set(corpus["doc_id"])
    assert ctx.notes["questions"]["with an edit"] == len(queries)


def test_without_edits_the_questions_teach_nothing() -> None:
    first, second = Learns(), Learns()
    ctx = Context()
    part = QuestionContrast(loop=first, questions=second)
    things = samples.things()
    part(toys.CORPUS, toys.WRITTEN, things[Labels], things[Student], ctx)
    assert len(first.given) == 1
    assert second.given == []
    assert ctx.notes["questions"] == {"with an edit": 0, "labels": 0}


def test_held_out_questions_take_no_part() -> None:
    held = Queries.of({**row, "split": "heldout"} for row in QUERIES.dicts())
    second = Learns()
    part = QuestionContrast(loop=Learns(), questions=second)
    things = samples.things()
    part(toys.CORPUS, held, Labels.empty(), things[Student], Context())
    assert second.given == []


@pytest.mark.parametrize("settings", [{"at_most_edits": 0}, {"count": 0}])
def test_edits_of_nothing_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        QuestionContrast(loop=Learns(), questions=Learns(), **settings)
