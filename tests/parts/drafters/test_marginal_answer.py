"""MarginalAnswer: a wording is worth what its finds let a reader say. [040]"""

import math
from typing import Any

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.readers import NGramReader
from acclimate.models.student import Student
from acclimate.parts.drafters import MarginalAnswer
from acclimate.parts.drafters.marginal_answer import marginal
from acclimate.parts.labellers import ReaderLikelihood, SourceIsRelevant
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Drafts, Queries
from acclimate.testing.fakes import FakeEncoder, FakeEngine

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in (
        ("ticket", "Ann: Why does it squeak?\nBob: Put one drop of oil on each link."),
        ("chain", "A dry chain squeaks: put one drop of oil on each link."),
        ("brake", "A brake squeaks when its pads are worn."),
        ("bell", "A bell rings."),
    )
)
QUERIES = Queries.of(
    [
        {"query_id": "q", "text": "Why does it squeak?", "source_doc_id": "ticket",
         "kind": "conversation_cloze", "split": "train"},
        {"query_id": "alone", "text": "A bell rings.", "source_doc_id": "bell",
         "kind": "conversation_cloze", "split": "train"},
    ]
)  # fmt: skip
READER = NGramReader(per_token=False)


def drafts(*rows: tuple[str, str]) -> Drafts:
    return Drafts.of(
        {"query_id": query, "doc_id": f"draft:{n}", "text": text, "value": 0.0, "kind": "rewrite",
         "asks": None}
        for n, (query, text) in enumerate(rows)
    )  # fmt: skip


def valued(part: MarginalAnswer, given: Drafts, ctx: Context | None = None) -> Drafts:
    student: Any = Student(encoder=FakeEncoder())
    return part(CORPUS, QUERIES, given, student, ctx or Context(engine=FakeEngine()))


def part(**settings: Any) -> MarginalAnswer:
    return MarginalAnswer(
        labeller=ReaderLikelihood(reader=READER, target="reply"), **({"depth": 2} | settings)
    )


def test_the_value_of_adaqr() -> None:
    """[040] p = (.6, .4), ln P = (−1, −3): R = .6/e + .4/e³ = 0.240642, ln R = −1.424443."""
    scores, told = np.log([[0.6, 0.4]]), np.array([[-1.0, -3.0]])
    (value,) = marginal(scores, told, 1.0)
    assert value == pytest.approx(math.log(0.6 / math.e + 0.4 / math.e**3))
    assert value == pytest.approx(-1.424443, abs=5e-7)
    assert math.exp(value) == pytest.approx(0.240642, abs=5e-7)
    (sharper,) = marginal(0.5 * scores, told, 0.5)
    assert sharper == pytest.approx(value)


def test_a_document_that_was_not_found_counts_nothing() -> None:
    scores = np.array([[0.5, -np.inf], [-np.inf, -np.inf]])
    told = np.array([[-2.0, np.nan], [np.nan, np.nan]])
    assert marginal(scores, told, 0.05).tolist() == [-2.0, -np.inf]


def test_a_wording_that_finds_the_answer_is_worth_more() -> None:
    made = valued(part(), drafts(("q", "dry chain squeaks oil"), ("q", "a bell rings")))
    assert made["doc_id"] == ["draft:0", "draft:1"]
    assert made["value"][0] > made["value"][1]


def test_the_value_is_that_of_the_two_documents_found_without_the_source() -> None:
    """The ticket itself shares most words with it, and is not read."""
    wording = "why does a chain squeak: drop of oil on each link"
    engine, encoder = FakeEngine(), FakeEncoder()
    vectors = encoder.encode(CORPUS.contents, kind="document")
    scores = vectors @ encoder.encode([wording], kind="query")[0]
    assert CORPUS["doc_id"][int(scores.argmax())] in {"ticket", "chain"}
    others = sorted((1, 2, 3), key=lambda row: -scores[row])[:2]
    answer = "Put one drop of oil on each link."
    told = engine.search(READER, CORPUS.contents, [answer], among=np.array([others])).scores[0]
    weights = np.exp(scores[others] / 0.05)
    wanted = np.log((weights / weights.sum() * np.exp(told)).sum())
    (value,) = valued(part(), drafts(("q", wording)))["value"]
    assert value == pytest.approx(wanted, rel=1e-5)


def test_no_piece_of_the_conversation_itself_is_read() -> None:
    rows = [{**row, "parent_id": "talk"} for row in CORPUS.dicts()[:2]]
    pieces = Corpus.of([*rows, *CORPUS.dicts()[2:]])
    student: Any = Student(encoder=FakeEncoder())
    given = drafts(("q", "dry chain squeaks oil"))
    (value,) = part(depth=9)(pieces, QUERIES, given, student, Context(engine=FakeEngine()))["value"]
    (with_chain,) = valued(part(depth=9), given)["value"]
    assert value < with_chain


def test_drafts_of_queries_that_nobody_answered_are_left_out_and_counted() -> None:
    ctx = Context(engine=FakeEngine())
    made = valued(part(), drafts(("q", "chain"), ("alone", "bell")), ctx)
    assert made["query_id"] == ["q"]
    assert ctx.notes["rewards"] == {"drafts": 2, "without an answer": 1}
    assert len(valued(part(), drafts())) == 0


def test_any_labeller_may_say_what_a_document_lets_one_answer() -> None:
    made = valued(MarginalAnswer(labeller=SourceIsRelevant(), depth=3), drafts(("q", "chain")))
    assert made["value"] == pytest.approx([0.0], abs=1e-6)


@pytest.mark.parametrize("settings", [{"depth": 0}, {"temperature": 0.0}])
def test_settings_that_reward_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match="above 0"):
        part(**settings)
