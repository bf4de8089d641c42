"""LikeLog: generated queries that look like what people ask."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import Fragments, LikeLog, SalientTerms, SpanQuestions
from acclimate.parts.generators.like_log import shares_like
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing import toys

KEYWORDS = [f"{a} {b}" for a in ("brake", "chain", "tyre") for b in ("pads", "oil", "patch")]
QUESTIONS = [
    f"how do I mend the {a} of my {b}" for a in ("brake", "chain") for b in ("bike", "car")
]
MEMBERS = (SalientTerms(at_most_terms=2), SpanQuestions(), Fragments(at_least_words=9))


def log_of(texts):
    return Queries.of(
        {"query_id": str(i), "text": t, "split": "train"} for i, t in enumerate(texts)
    )


def asked(texts, queries=12):
    ctx = Context()
    found = LikeLog(MEMBERS, queries=queries)(toys.CORPUS, log_of(texts), ctx)
    return found, list(ctx.notes["shares"].values())


def test_a_log_of_keywords_asks_for_keywords():
    _, shares = asked(KEYWORDS * 3)
    assert shares[0] > 0.9


def test_a_log_of_questions_asks_for_questions():
    _, shares = asked(QUESTIONS * 5)
    assert shares[1] == max(shares)


def test_the_shares_of_a_mixture_are_found_again():
    texts = KEYWORDS[:3] * 10 + QUESTIONS[:1] * 10
    shares = shares_like(texts, (KEYWORDS[:3] * 5, QUESTIONS[:1] * 5))
    assert shares == pytest.approx((0.75, 0.25), abs=0.02)


def test_few_queries_say_nothing_about_the_mixture():
    assert asked(KEYWORDS)[1] == [1.0, 1.0, 1.0]


def test_the_log_comes_first_and_keeps_its_kind():
    found, _ = asked(KEYWORDS * 3)
    assert found["text"][:27] == KEYWORDS * 3
    assert set(found["kind"][:27]) == {"log"}
    assert len(found) == 27 + 12
    human = LikeLog(MEMBERS, queries=3)(toys.CORPUS, toys.QUERIES, Context())
    assert human["kind"][:6] == ["human"] * 6


def test_a_sample_without_texts_gets_no_share():
    assert shares_like(KEYWORDS, ([], KEYWORDS)) == (0.0, 1.0)
    assert shares_like(KEYWORDS, ([], [])) == (1.0, 1.0)


def test_mixing_nothing_is_refused():
    with pytest.raises(RecipeError, match="there are 0 and 500"):
        LikeLog(())
