"""SelfReference [010] [039]: a query stands for itself."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import SelfReference
from acclimate.parts.part import Context
from acclimate.tables import Queries


def kept(*texts: str, ctx: Context | None = None, **settings) -> list[str]:
    queries = Queries.of({"query_id": t, "text": t, "split": "train"} for t in texts)
    return SelfReference(**settings)(queries, ctx or Context())["text"]


@pytest.mark.parametrize(
    "text",
    ["What happens in this image?", "according to the passage, who won", "The above text says what",
     "what do the authors mean", "why does the given article doubt it", "as the text above says",
     "THE DOCUMENT"],
)  # fmt: skip
def test_what_points_at_its_document_goes(text: str) -> None:
    """[039] "in this image"; [010] "the document"."""
    ctx = Context()
    assert kept(text, ctx=ctx) == []
    assert ctx.notes["dropped"] == {"speaks of its document": 1}


@pytest.mark.parametrize(
    "text",
    ["who wrote the first text editor", "how to scan a document", "passage rites in Mali",
     "textiles of the Andes", "authorised page sizes"],
)  # fmt: skip
def test_what_only_has_such_a_word_stays(text: str) -> None:
    assert kept(text) == [text]


def test_other_names_can_be_given() -> None:
    assert kept("what does the tape say", "what does the text say", names=("tape",)) == [
        "what does the text say"
    ]


@pytest.mark.parametrize("names", [(), ("",)], ids=str)
def test_nothing_to_look_for_is_refused(names) -> None:
    with pytest.raises(RecipeError, match="give words"):
        SelfReference(names=names)
