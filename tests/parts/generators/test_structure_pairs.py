"""StructurePairs: headings, questions, links and fields. [078]"""

import json

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._cloze import readings
from acclimate.parts.generators import StructurePairs
from acclimate.parts.generators._structure import headings, questions
from acclimate.parts.part import Context
from acclimate.tables import Corpus

MANUAL = """Everything about chains and what they want.

## Wiping the chain

Use an old rag and turn the pedals backwards.

### `Oiling` every link

One drop is enough for each, and wait five minutes."""

FAQ = """Q: How long does a chain last?
A: About three thousand kilometres.

**Can I use olive oil?**
No, it becomes sticky in winter.

Why not?"""


def corpus_of(*texts, ids=None, **columns):
    rows = zip(ids or [f"d{n}.md" for n in range(len(texts))], texts, strict=True)
    return Corpus.of({"doc_id": i, "title": "", "text": t, **columns} for i, t in rows)


def asked(corpus, **settings):
    part = StructurePairs(**{"per_document": 9, "rest_words": 3, **settings})
    return [(q["source_doc_id"], q["kind"], q["text"]) for q in part(corpus, Context()).dicts()]


def test_headings_of_several_markups() -> None:
    text = (
        "# One heading #\n\n== Two headings ==\n\nThird heading\n-------------\n\n"
        "4.1 Fourth heading\ntext of it\n\n1. No heading but an item\n\n| a | b |\n|---|---|\n"
    )
    assert list(headings(text)) == [
        "One heading",
        "Two headings",
        "Third heading",
        "Fourth heading",
    ]


def test_a_comment_in_fenced_code_is_no_heading() -> None:
    assert list(headings("```sh\n# remove all\nrm x\n```\n\n# Real one\n")) == ["Real one"]


def test_a_heading_asks_for_its_document_read_without_it() -> None:
    corpus = corpus_of(MANUAL)
    assert sorted(asked(corpus)) == [
        ("d0.md", "heading_cloze", "Oiling every link"),
        ("d0.md", "heading_cloze", "Wiping the chain"),
    ]
    queries = StructurePairs(per_document=9)(corpus, Context())
    shown = readings(corpus, queries)
    for query, text in zip(queries["query_id"], queries["text"], strict=True):
        assert text.replace("Oiling", "`Oiling`") not in shown[query]
        assert "Use an old rag" in shown[query]


def test_a_question_of_a_list_is_found_with_its_answer_and_no_other() -> None:
    assert list(questions(FAQ)) == ["How long does a chain last", "Can I use olive oil"]
    assert list(questions("He came. Was it late? Nobody knows it now.")) == []
    assert list(questions("如何清洁链条？\n用旧布擦拭，然后上油。")) == ["如何清洁链条"]  # noqa: RUF001


def test_a_question_that_is_a_heading_counts_as_a_question() -> None:
    kinds = {kind for _, kind, _ in asked(corpus_of("## Why oil the chain?\n\nIt rusts if dry."))}
    assert kinds == {"question_cloze"}


def test_what_is_not_hidden_is_of_another_kind() -> None:
    kinds = {kind for _, kind, _ in asked(corpus_of(MANUAL, FAQ), mask_rate=0)}
    assert kinds == {"heading", "question"}


def test_a_document_of_which_too_little_is_left_is_not_asked_for() -> None:
    assert asked(corpus_of("## Wiping the chain\n\nUse a rag."), rest_words=4) == []


def test_the_words_of_a_link_ask_for_where_it_leads() -> None:
    texts = (
        "See [how to wipe chains](../care/wipe.md#now) and ![a picture of it](wipe.png).",
        "Use a rag. [go back here](/guide/start.md)",
        'See <a href="https://x.org/oil">the oil guide</a>, [[Wheel truing|true your wheels]].',
        "On oil.",
        "On wheels.",
    )
    ids = ["guide/start.md", "care/wipe.md", "more.md", "oil", "wheels"]
    rows = corpus_of(*texts, ids=ids).dicts()
    rows[3]["meta"] = json.dumps({"url": "https://x.org/oil"})
    rows[4]["title"] = "Wheel truing"
    assert asked(Corpus.of(rows)) == [
        ("guide/start.md", "link", "go back here"),
        ("care/wipe.md", "link", "how to wipe chains"),
        ("oil", "link", "the oil guide"),
        ("wheels", "link", "true your wheels"),
    ]


def test_links_lead_to_the_first_piece_and_never_to_their_own_document() -> None:
    rows = [
        {"doc_id": f"a.md#{n}", "title": "", "text": t, "parent_id": "a.md"}
        for n, t in enumerate(("start of it", "see [the very beginning](a.md) again"))
    ]
    other = {"doc_id": "b.md", "title": "", "text": "as [the first page](a.md) says"}
    assert asked(Corpus.of([*rows, other])) == [("a.md#0", "link", "the first page")]


def test_fields_beside_the_text_ask_for_it() -> None:
    meta = json.dumps({"Question": "How hot is the kiln?", "year": 1990, "note": "not this one"})
    corpus = corpus_of("It is hot.", meta=meta)
    assert asked(corpus) == [("d0.md", "field", "How hot is the kiln")]


def test_what_many_documents_say_is_left_out() -> None:
    text = (
        "## See also this\n\nOther pages with more on {}.\n\n## All about {}\n\nMuch to tell here."
    )
    corpus = corpus_of(*(text.format(n, n) for n in ("hubs", "rims", "cogs", "bells")))
    assert {text for _, _, text in asked(corpus)} == {
        f"All about {n}" for n in ("hubs", "rims", "cogs", "bells")
    }
    assert len(asked(corpus, at_most_documents=4)) == 8


def test_only_the_wanted_structures_are_taken() -> None:
    assert {kind for _, kind, _ in asked(corpus_of(MANUAL, FAQ), kinds=("question",))} == {
        "question_cloze"
    }
    with pytest.raises(RecipeError, match="heading, question, link, field"):
        StructurePairs(kinds=())


def test_the_kinds_are_reported() -> None:
    ctx = Context()
    StructurePairs(rest_words=3, mask_rate=0)(corpus_of(MANUAL), ctx)
    assert ctx.notes["kinds"] == {"heading": 2}
