"""ClassDescriptions [033]: a class is asked for by its words and by descriptions of them."""

from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import ClassDescriptions
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

WRITER = Recorded(
    answers=(("\nbikes: wheel and chain; tyres\n", "Repairs of wheels and chains."),
             ("\nbaking\n", "Baking")),
    log_probs=(-0.5,),
)  # fmt: skip


@pytest.fixture
def classes(tmp_path: Path) -> LogFile:
    path = tmp_path / "classes.csv"
    rows = ("text,kind", "wheel and chain,bikes", "tyres,bikes", "baking,baking", "space,")
    path.write_text("\n".join(rows))
    return LogFile(str(path))


def made(classes, writer=WRITER, corpus=toys.CORPUS, **settings):
    ctx = Context(engine=FakeEngine())
    part = ClassDescriptions(writer=writer, classes=classes, **settings)
    return part(corpus, ctx), ctx.notes


def test_a_class_is_asked_for_by_its_words_and_by_what_is_written_of_it(classes) -> None:
    """[033] a class's words are queries, descriptions are more of them; all are of one kind."""
    queries, notes = made(classes)
    assert list(zip(queries["kind"], queries["text"], strict=True)) == [
        ("bikes", "wheel and chain"),
        ("bikes", "tyres"),
        ("baking", "baking"),
        ("space", "space"),  # a class of its own words
        ("bikes", "Repairs of wheels and chains."),  # those of baking are its words again
    ]
    assert queries["log_prob"] == [None] * 4 + [-0.5]
    assert notes["classes"] == {"bikes": 1, "baking": 0, "space": 0}


def test_no_document_is_the_source_of_a_class(classes) -> None:
    assert set(made(classes)[0]["source_doc_id"]) == {None}


def test_the_writer_sees_as_many_documents_as_it_is_shown_whatever_the_class(classes) -> None:
    for shown, corpus, seen in ((3, toys.CORPUS, 3), (0, toys.CORPUS, 0), (3, Corpus.empty(), 0)):
        writer = Recorded()
        made(classes, writer, corpus, shown=shown)
        assert [asked.count("</document") for asked in writer.asked] == [seen] * 3
        assert len({asked.split("The class is:")[0] for asked in writer.asked}) == 1


def test_there_are_as_many_descriptions_as_are_wanted_at_most(classes) -> None:
    queries, _ = made(classes, FakeWriter(), per_class=3)
    part = ClassDescriptions(writer=FakeWriter(), classes=classes, per_class=3)
    assert len(queries) <= part.queries == 4 + 3 * 3
    for name in ("bikes", "baking", "space"):
        assert len(queries.where("kind", [name])) <= 2 + 3


@pytest.mark.parametrize("wrong", [{"per_class": 0}, {"shown": -1}])
def test_settings_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        ClassDescriptions(writer=FakeWriter(), classes=toys.CLICKS, **wrong)
