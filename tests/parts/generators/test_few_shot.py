"""FewShot [106]: examples are shown, documents are fenced, log-probabilities come along."""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence
from acclimate.parts.filters import LogProbTopK
from acclimate.parts.generators import FewShot
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(
    doc_id=["a", "b", "c"], title=[""] * 3, text=["bees dance", "tides rise", "rust grows"]
)
WRITER = Recorded(
    answers=(("bees dance", "why do bees dance"), ("tides rise", "when do tides rise"),
             ("rust grows", "how does rust grow")),
    log_probs=(-1.0, -0.2, -3.0),
)  # fmt: skip


def ctx() -> Context:
    return Context(engine=FakeEngine())


def test_a_query_brings_its_document_its_kind_and_its_log_probability() -> None:
    written = FewShot(writer=WRITER)(CORPUS, ctx())
    assert written["text"] == ["why do bees dance", "when do tides rise", "how does rust grow"]
    assert written["source_doc_id"] == ["a", "b", "c"]
    assert written["log_prob"] == pytest.approx([-1.0, -0.2, -3.0])
    assert set(written["kind"]) == {"inpars"}


def test_of_three_queries_the_likeliest_two_are_the_papers_pipeline() -> None:
    """[106] scores (−1, −.2, −3), keep 2: those of numbers 1 and 0."""
    kept = LogProbTopK(keep=2)(FewShot(writer=WRITER)(CORPUS, ctx()), ctx())
    assert kept["source_doc_id"] == ["a", "b"]


def test_three_examples_come_before_the_document() -> None:
    writer = Recorded()
    FewShot(writer=writer)(CORPUS.head(1), ctx())
    [asked] = writer.asked
    assert asked.count("\nQuery: ") == 3
    assert asked.endswith(f"{fence('document', 'bees dance')}\nQuery:")


def test_the_second_form_shows_good_and_bad_questions_and_asks_for_a_good_one() -> None:
    writer = Recorded()
    part = FewShot(writer=writer, style="gbq", examples=(("Doc.", "good?", "bad?"),))
    part(CORPUS.head(1), ctx())
    [asked] = writer.asked
    assert f"{fence('document', 'Doc.')}\nGood question: good?\nBad question: bad?" in asked
    assert asked.endswith("\nGood question:")
    assert part.kind == "inpars_gbq"


def test_documents_are_drawn_by_their_ids() -> None:
    part = FewShot(writer=FakeWriter(), documents=4)
    first = part(toys.CORPUS, ctx())
    assert len(set(first["source_doc_id"])) == 4
    turned = toys.CORPUS.take(list(reversed(range(len(toys.CORPUS)))))
    assert set(part(turned, ctx())["source_doc_id"]) == set(first["source_doc_id"])


def test_a_document_without_an_answer_has_no_query() -> None:
    assert len(FewShot(writer=Recorded())(CORPUS, ctx())) == 0


@pytest.mark.parametrize("wrong", [{"documents": 0}, {"per_document": 0}, {"examples": ()}])
def test_settings_that_write_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="Give"):
        FewShot(writer=FakeWriter(), **wrong)
