"""CopiedText: no queries copied from their document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.filters import CopiedText
from acclimate.parts.filters.copied_text import longest_run
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing import toys

WORDS = st.lists(st.sampled_from("abc"), max_size=8)


def kept(text, ctx=None, **settings):
    queries = Queries.of(
        [{"query_id": "q", "text": text, "source_doc_id": "bees", "split": "train"}]
    )
    return len(CopiedText(**settings)(toys.CORPUS, queries, ctx or Context())) == 1


def test_a_sentence_of_the_document_goes():
    ctx = Context()
    assert not kept("Bees visit flowers to gather nectar", ctx)
    assert ctx.notes["dropped"] == {"copied from the document": 1}


def test_a_question_with_words_of_its_own_stays():
    assert kept("why do bees visit flowers")  # 3 of 5 words in a row


def test_the_share_decides():
    text = "why do bees visit flowers"
    assert kept(text, at_most_share=3 / 5)
    assert not kept(text, at_most_share=0.59)


def test_a_name_of_few_words_stays():
    assert kept("wax cells")
    assert not kept("wax cells", at_least_words=2)


def test_queries_of_people_stay():
    assert len(CopiedText()(toys.CORPUS, toys.QUERIES, Context())) == 6


@given(WORDS, WORDS)
def test_the_longest_run_is_that_of_trying_all(query, document):
    every = {
        tuple(document[i:j]) for i in range(len(document)) for j in range(i, len(document) + 1)
    }
    runs = [
        j - i
        for i in range(len(query))
        for j in range(i, len(query) + 1)
        if tuple(query[i:j]) in every
    ]
    assert longest_run(query, document) == max(runs, default=0)


def test_a_run_ends_at_word_borders():
    assert longest_run(["wax", "cell"], ["wax", "cells"]) == 1


def test_a_share_out_of_range_is_refused():
    with pytest.raises(RecipeError, match="between 0 and 1"):
        CopiedText(at_most_share=1.1)
