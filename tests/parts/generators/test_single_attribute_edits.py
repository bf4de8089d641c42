"""SingleAttributeEdits: one value is another, and the document lacks it. [031] [053]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._edits import distance
from acclimate.parts.generators import SingleAttributeEdits
from acclimate.parts.generators.single_attribute_edits import form
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

FACTS = (
    "In 2022 the sales of Marie Curie were 1,200.",
    "In 2024 the sales of Ada Lovelace were 3,400.",
    "In 1999 nobody bought from Babbage.",
)
CORPUS = Corpus.of({"doc_id": str(n), "title": "", "text": text} for n, text in enumerate(FACTS))


def asked(text: str, source: str | None = "0", split: str = "train", kind: str = "k") -> Queries:
    row = {"query_id": "q", "text": text, "source_doc_id": source, "split": split, "kind": kind}
    return Queries.of([row])


def edits(queries: Queries, seed: int = 0, variants: int = 9) -> list[str]:
    """What comes behind the query."""
    made = SingleAttributeEdits(variants=variants)(CORPUS, queries, Context(seed=seed))
    assert made.head(1).dicts() == queries.dicts()
    assert set(made["kind"][1:]) <= {"hard_negative"}
    assert set(made["source_doc_id"]) == set(queries["source_doc_id"])
    return list(made["text"][1:])


def test_a_year_is_exchanged_for_a_year_of_another_document() -> None:
    """[031]: 2022 → 2024 differs in exactly that token, and the page does not answer it."""
    text = "what were the sales in 2022"
    assert sorted(edits(asked(text))) == [
        "what were the sales in 1999", "what were the sales in 2024",
    ]  # fmt: skip


def test_one_value_is_exchanged_and_no_other() -> None:
    """[053]: an edit of one word, or of the words of one name, whose value the source lacks."""
    text = "did the sales of Marie Curie in 2022 reach 1,200"
    found = {edit for seed in range(9) for edit in edits(asked(text), seed)}
    assert found == {
        text.replace("2022", "2024"),
        text.replace("2022", "1999"),
        text.replace("1,200", "3,400"),
        text.replace("Marie Curie", "Ada Lovelace"),
    }
    assert {distance(text.split(), edit.split()) for edit in found} == {1, 2}


def test_what_stands_in_the_source_is_no_edit() -> None:
    """A query of 2024 whose document is that of 2022: the year of its own document would answer."""
    assert edits(asked("sales in 2024")) == ["sales in 1999"]


def test_a_value_of_another_form_is_none() -> None:
    """Babbage is one word: no other name is; and no number of the documents has five digits."""
    assert edits(asked("who is Babbage", "2")) == []
    assert edits(asked("is it 12345")) == []
    assert [form(v) for v in ("2022", "1,200", "12 March", "Babbage")] == [
        "0000", "0,000", "00 March", "1",
    ]  # fmt: skip


def test_no_more_than_asked_for_and_each_once() -> None:
    for seed in range(5):
        assert len(edits(asked("sales in 2022"), seed, variants=1)) == 1
        assert len(edits(asked("sales in 2022"), seed)) == 2


def test_only_queries_that_train_and_have_a_source_are_edited_and_edits_are_not() -> None:
    text = "what were the sales in 2022"
    assert edits(asked(text, split="heldout")) == []
    assert edits(asked(text, source=None)) == []
    assert edits(asked(text, kind="hard_negative")) == []


def test_queries_without_a_value_are_counted() -> None:
    ctx = Context()
    SingleAttributeEdits()(CORPUS, asked("what were the sales"), ctx)
    assert ctx.notes == {"written": 0, "queries without a name or number": 1}


def test_the_order_of_the_documents_does_not_matter() -> None:
    queries, part = (
        asked("did the sales of Marie Curie in 2022 reach 1,200"),
        SingleAttributeEdits(),
    )
    turned = CORPUS.take([2, 1, 0])
    assert part(turned, queries, Context())["text"] == part(CORPUS, queries, Context())["text"]


def test_no_variant_is_refused() -> None:
    with pytest.raises(RecipeError, match="Give 1 or more"):
        SingleAttributeEdits(variants=0)
