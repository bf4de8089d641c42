"""ConversationTurns: what was said asks for the conversation."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._cloze import readings
from acclimate.parts._turns import turns_of
from acclimate.parts.generators import ConversationTurns
from acclimate.parts.part import Context
from acclimate.tables import Corpus

TICKET = """Subject of the ticket

**Customer:** My chain squeaks when it rains.
It began last week.
[10:32] Agent Smith: Did you ever oil the chain of your bicycle?
> customer: No, never in its life.
Agent Smith: Then wipe it, and put one drop of oil on each link."""


def corpus_of(*texts):
    return Corpus.of({"doc_id": str(n), "title": "", "text": t} for n, t in enumerate(texts))


def test_turns_are_told_by_their_names() -> None:
    told = [(name, TICKET[a:b]) for name, (a, b) in turns_of(TICKET)]
    assert told == [
        ("customer", "My chain squeaks when it rains.\nIt began last week."),
        ("agent smith", "Did you ever oil the chain of your bicycle?"),
        ("customer", "No, never in its life."),
        ("agent smith", "Then wipe it, and put one drop of oil on each link."),
    ]


@pytest.mark.parametrize(
    "text",
    ["No turns at all.", "Ann: Only she speaks.", "Rim: a ring.\nHub: a tube.\nCog: a wheel."],
    ids=["prose", "one speaker", "definitions"],
)
def test_what_is_no_conversation_gives_none(text: str) -> None:
    assert turns_of(text) == []
    assert len(ConversationTurns(rest_words=1)(corpus_of(text), Context())) == 0


def test_a_query_is_a_turn_that_somebody_else_answers_and_the_document_is_read_without_it() -> None:
    corpus = corpus_of(TICKET)
    queries = ConversationTurns(per_document=9, turns=1)(corpus, Context())
    assert set(queries["text"]) == {
        "My chain squeaks when it rains. It began last week.",
        "Did you ever oil the chain of your bicycle?",
        "No, never in its life.",
    }
    shown = readings(corpus, queries)
    for query, text in zip(queries["query_id"], queries["text"], strict=True):
        rest = " ".join(shown[query].split())
        assert text not in rest
        assert len(rest.split()) == len(TICKET.split()) - len(text.split())


def test_turns_before_it_come_along() -> None:
    queries = ConversationTurns(per_document=3, turns=3)(corpus_of(*[TICKET] * 40), Context())
    counts = {text.casefold().count(": ") for text in queries["text"]}
    assert counts == {0, 1, 2}


def test_short_turns_and_those_with_little_behind_them_are_left_out() -> None:
    assert len(ConversationTurns(at_least_words=30)(corpus_of(TICKET), Context())) == 0
    assert len(ConversationTurns(rest_words=99)(corpus_of(TICKET), Context())) == 0
    with pytest.raises(RecipeError, match="give 1 or more"):
        ConversationTurns(turns=0)
