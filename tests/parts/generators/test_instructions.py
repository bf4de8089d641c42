"""Instructions [112]: each query has a twin that says what else its document must be."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._instructed import split
from acclimate.parts.generators import Instructions
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(doc_id=["a"], title=[""], text=["Wild bees sleep in stems."])
QUERIES = Queries.of(
    {"query_id": name, "text": "bees in winter", "source_doc_id": source, "kind": "inpars",
     "split": split_}
    for name, source, split_ in (("q", "a", "train"), ("h", "a", "heldout"), ("n", None, "train"))
)  # fmt: skip
WRITER = Recorded(answers=(("Write what they add", "Only wild bees."),))


def ctx() -> Context:
    return Context(engine=FakeEngine())


def test_a_twin_has_the_words_and_the_document_of_its_query() -> None:
    """[112] per-query instructions of varied length and style."""
    written = Instructions(writer=WRITER)(CORPUS, QUERIES, ctx())
    assert written["kind"] == ["inpars", "instructed", "inpars", "inpars"]
    assert split(written["text"][1]) == ("bees in winter", "Only wild bees.")
    assert written["source_doc_id"][1] == "a"


def test_styles_and_lengths_vary_and_are_drawn_by_the_queries_ids() -> None:
    writer = Recorded()
    part = Instructions(writer=writer, styles=("a wish", "a ban"), lengths=("long", "short"))
    part(toys.CORPUS, toys.WRITTEN, ctx())
    told = {asked.partition("Write what they add, ")[2] for asked in writer.asked}
    assert told == {f"{length}, as {style}:" for length in ("long", "short")
                    for style in ("a wish", "a ban")}  # fmt: skip
    first = list(writer.asked)
    writer.asked.clear()
    part(toys.CORPUS, toys.WRITTEN.head(3), ctx())
    assert writer.asked == first[:3]


def test_a_twin_has_no_twin() -> None:
    part = Instructions(writer=WRITER)
    once = part(CORPUS, QUERIES, ctx())
    assert part(CORPUS, once, ctx())["query_id"] == once["query_id"]


def test_a_share_of_the_queries_gets_a_twin() -> None:
    written = Instructions(writer=FakeWriter(), share=0.5)(toys.CORPUS, toys.WRITTEN, ctx())
    assert 0 < written["kind"].count("instructed") < len(toys.WRITTEN)


@pytest.mark.parametrize("wrong", [{"styles": ()}, {"lengths": ()}, {"share": 0.0}])
def test_settings_that_write_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="share above 0"):
        Instructions(writer=FakeWriter(), **wrong)
