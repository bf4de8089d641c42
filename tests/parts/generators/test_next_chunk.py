"""NextChunk: the end of a piece asks for the piece that follows."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import NextChunk
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys

PIECES = [("a", "Wipe the\nold chain."), ("b", "Boil rice."), ("a", "Then oil it."), ("a", "Wait.")]
CORPUS = Corpus.of(
    {"doc_id": f"{parent}#{n}", "title": "", "text": text, "parent_id": parent}
    for n, (parent, text) in enumerate(PIECES)
)


def test_each_piece_is_asked_for_by_the_end_of_the_one_before() -> None:
    queries = NextChunk()(CORPUS, Context())
    assert list(zip(queries["text"], queries["source_doc_id"], strict=True)) == [
        ("Wipe the old chain", "a#2"),
        ("Then oil it", "a#3"),
    ]


def test_only_the_last_words_are_asked_with() -> None:
    assert NextChunk(query_words=2)(CORPUS, Context())["text"] == ["old chain", "oil it"]


def test_documents_in_one_piece_give_none() -> None:
    assert len(NextChunk()(toys.CORPUS, Context())) == 0


def test_an_empty_query_is_refused() -> None:
    with pytest.raises(RecipeError, match="give 1 or more"):
        NextChunk(query_words=0)
