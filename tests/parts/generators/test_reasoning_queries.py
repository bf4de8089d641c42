"""ReasoningQueries [010]: each document is asked for a question of a length drawn by its id."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import CopiedText, SelfReference
from acclimate.parts.generators import ReasoningQueries
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded


def ctx() -> Context:
    return Context(engine=FakeEngine())


def test_a_question_is_of_the_length_it_was_asked_in() -> None:
    lengths = ((10, 20), (90, 160))
    writer = Recorded(answers=(("in 10 to 20 words", "short"), ("in 90 to 160 words", "long")))
    written = ReasoningQueries(writer=writer, lengths=lengths)(toys.CORPUS, ctx())
    assert len(written) == len(toys.CORPUS)
    asked = {"short": "reasoning 10-20", "long": "reasoning 90-160"}
    assert written["kind"] == [asked[text] for text in written["text"]]
    assert set(written["text"]) == {"short", "long"}


def test_a_documents_length_depends_on_its_id_alone() -> None:
    part = ReasoningQueries(writer=FakeWriter())
    both = part(toys.CORPUS, ctx())
    one = part(toys.CORPUS.take([3]), ctx())
    kinds = dict(zip(both["source_doc_id"], both["kind"], strict=True))
    assert kinds[one["source_doc_id"][0]] == one["kind"][0]


def test_what_copies_its_document_or_speaks_of_it_goes_behind_it() -> None:
    """[010] no run of five words of the document, and nothing of "the document"."""
    texts = ["keep the milk warm for a night and it sets", "a", "b"]
    corpus = Corpus.columns(doc_id=["m", "n", "o"], title=[""] * 3, text=texts)
    writer = Recorded(
        answers=(
            (f"{texts[0]}\n", "must I keep the milk warm for a night"),
            ("\na\n", "why does the document praise patience"),
            ("\nb\n", "my jar stayed thin near the window, what did I do wrong"),
        )
    )
    written = ReasoningQueries(writer=writer)(corpus, ctx())
    assert written["source_doc_id"] == ["m", "n", "o"]
    kept = CopiedText(at_most_share=0.5)(corpus, SelfReference()(written, ctx()), ctx())
    assert kept["source_doc_id"] == ["o"]


@pytest.mark.parametrize(
    "wrong",
    [{"lengths": ()}, {"lengths": ((9, 3),)}, {"documents": 0}, {"per_document": 0}],
    ids=str,
)
def test_settings_that_write_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="ReasoningQueries"):
        ReasoningQueries(writer=FakeWriter(), **wrong)
