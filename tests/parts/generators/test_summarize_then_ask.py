"""SummarizeThenAsk [117]: the question is asked with the summary before it, in each language."""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence
from acclimate.parts.generators import SummarizeThenAsk
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(doc_id=["a", "b"], title=["", ""], text=["bees dance", "tides rise"])
ANSWERS = (
    ("Question in German", "Warum tanzen Bienen?"),
    ("Question in English", "why do they dance"),
    ("bees dance", "Bees show each other the way."),
)


def ctx() -> Context:
    return Context(engine=FakeEngine())


def test_document_summary_and_question_stand_in_this_order() -> None:
    """[117] the prompt of the second step holds what the first one said."""
    writer = Recorded(answers=ANSWERS)
    written = SummarizeThenAsk(writer=writer)(CORPUS.head(1), ctx())
    first, second = writer.asked
    assert "Question in" not in first
    parts = [
        fence("document", "bees dance"),
        fence("summary", ANSWERS[2][1]),
        "Question in English",
    ]
    places = [second.index(part) for part in parts]
    assert places == sorted(places)
    assert written["text"] == ["why do they dance"]


def test_each_language_has_as_many_questions_as_were_asked_for() -> None:
    """[117] pair counts per language."""
    writer = Recorded(answers=(("in German", "wieso"), ("in Finnish", "miksi"), ("", "because")))
    part = SummarizeThenAsk(writer=writer, languages=("German", "Finnish"), documents=5)
    written = part(toys.CORPUS, ctx())
    assert Counter(written["kind"]) == {"sap German": 5, "sap Finnish": 5}
    assert written["source_doc_id"] == sorted(
        written["source_doc_id"], key=toys.CORPUS.position.__getitem__
    )


def test_a_document_is_summarised_once_and_not_asked_about_without_a_summary() -> None:
    writer = Recorded(answers=ANSWERS)
    part = SummarizeThenAsk(writer=writer, languages=("German", "English"))
    written = part(CORPUS, ctx())
    assert sum("What is this document about?" in text for text in writer.asked) == 2
    assert len(writer.asked) == 2 + 2
    assert written["source_doc_id"] == ["a", "a"]
    assert part.kinds == ("sap German", "sap English")


@pytest.mark.parametrize(
    "wrong", [{"languages": ()}, {"languages": ("a", "a")}, {"documents": 0}], ids=str
)
def test_settings_that_write_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="SummarizeThenAsk"):
        SummarizeThenAsk(writer=FakeWriter(), **wrong)
