"""ClassDescriptions [033]: a class is asked for by its name and by descriptions of it."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import ClassDescriptions
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

WRITER = Recorded(
    answers=(("\nbikes\n", "Repairs of wheels and chains."), ("\nbaking\n", "Baking")),
    log_probs=(-0.5,),
)


def made(writer=WRITER, corpus=toys.CORPUS, **settings):
    ctx = Context(engine=FakeEngine())
    part = ClassDescriptions(writer=writer, classes=("bikes", "baking", "space"), **settings)
    return part(corpus, ctx), ctx.notes


def test_a_class_is_asked_for_by_its_name_and_by_what_is_written_of_it() -> None:
    """[033] one query for a class's name, and more for descriptions of it; all of one kind."""
    queries, notes = made()
    assert list(zip(queries["kind"], queries["text"], strict=True)) == [
        ("class bikes", "bikes"),
        ("class bikes", "Repairs of wheels and chains."),
        ("class baking", "baking"),  # its description is the name again
        ("class space", "space"),  # has none
    ]
    assert queries["log_prob"] == [None, -0.5, None, None]
    assert notes["classes"] == {"bikes": 1, "baking": 0, "space": 0}


def test_no_document_is_the_source_of_a_class() -> None:
    assert set(made()[0]["source_doc_id"]) == {None}


def test_the_writer_sees_as_many_documents_as_it_is_shown_whatever_the_class() -> None:
    for shown, corpus, seen in ((3, toys.CORPUS, 3), (0, toys.CORPUS, 0), (3, Corpus.empty(), 0)):
        writer = Recorded()
        made(writer, corpus, shown=shown)
        assert [asked.count("</document") for asked in writer.asked] == [seen] * 3
        assert len({asked.split("The class is:")[0] for asked in writer.asked}) == 1


def test_there_are_at_most_as_many_queries_as_it_says() -> None:
    part = ClassDescriptions(writer=FakeWriter(), classes=("a", "b"), per_class=3)
    queries = part(toys.CORPUS, Context(engine=FakeEngine()))
    assert len(queries) <= part.queries == 8


@pytest.mark.parametrize(
    "wrong",
    [{"classes": ()}, {"classes": ("a", "A ")}, {"classes": (" ",)}, {"per_class": 0},
     {"shown": -1}],
    ids=["none", "twice", "blank", "no description", "less than nothing"],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="name each class once"):
        ClassDescriptions(**{"writer": FakeWriter(), "classes": ("a",), **wrong})
