"""HardNegativeQueries [031]: alike in form, for something that the document does not tell."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import HardNegativeQueries
from acclimate.parts.labellers import Answerability
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(doc_id=["a"], title=[""], text=["Sales were 5 in 2022."])
ASKED = "what were sales in 2022"
EDITED = "what were sales in 2024"
QUERIES = Queries.of(
    {"query_id": name, "text": ASKED, "source_doc_id": source, "kind": "inpars", "split": split}
    for name, source, split in (("q", "a", "train"), ("h", "a", "heldout"), ("n", None, "train"))
)
WRITER = Recorded(answers=(("with one property changed", EDITED), ("does not answer", ASKED)))


def ctx() -> Context:
    return Context(engine=FakeEngine())


def test_an_edit_differs_in_one_word_and_comes_behind_its_query() -> None:
    """[031] 2022 -> 2024."""
    written = HardNegativeQueries(writer=WRITER, style="edit", variants=3)(CORPUS, QUERIES, ctx())
    assert written["text"] == [ASKED, EDITED, ASKED, ASKED]
    assert written["kind"] == ["inpars", "hard_negative", "inpars", "inpars"]
    assert written["source_doc_id"] == ["a", "a", "a", None]
    assert len(set(ASKED.split()) ^ set(EDITED.split())) == 2


def test_what_the_document_does_not_answer_becomes_a_negative() -> None:
    """[031] the edited question is unanswerable, so its own document is its negative."""
    queries = HardNegativeQueries(writer=WRITER, style="edit")(CORPUS, QUERIES.head(1), ctx())
    candidates = Candidates.of(
        {"query_id": q, "doc_id": "a", "rank": 1, "score": 0.0, "is_source": True, "miner": "m"}
        for q in queries["query_id"]
    )
    oracle = Recorded(answers=((EDITED, '{"answerable": false}'), ("", '{"answerable": true}')))
    labels = Answerability(writer=oracle)(CORPUS, queries, candidates, ctx())
    assert labels["value"] == [1.0, 0.0]


def test_a_variant_that_is_the_query_again_is_none() -> None:
    written = HardNegativeQueries(writer=WRITER)(CORPUS, QUERIES, ctx())
    assert written["query_id"] == QUERIES["query_id"]


def test_variants_have_no_variants() -> None:
    part = HardNegativeQueries(writer=WRITER, style="edit")
    once = part(CORPUS, QUERIES, ctx())
    assert part(CORPUS, once, ctx())["query_id"] == once["query_id"]


def test_no_variant_is_refused() -> None:
    with pytest.raises(RecipeError, match="Give 1 or more"):
        HardNegativeQueries(writer=FakeWriter(), variants=0)
