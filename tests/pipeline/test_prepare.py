"""What a run puts around a recipe: pieces of long documents, and the queries of people."""

from __future__ import annotations

import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts import filters, generators, miners
from acclimate.parts.part import Context
from acclimate.pipeline.prepare import JoinLog, MixLikeLog, SplitLong, with_log
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys

LOG = Queries.of(
    {"query_id": i, "text": text, "split": "train"}
    for i, text in [("a", "why is honey sweet"), ("b", "how to oil a chain"), ("w-bees", "wax")]
)


def test_the_log_stands_behind_the_generated_queries() -> None:
    ctx = Context()
    joined = JoinLog(log=LOG)(toys.WRITTEN, ctx)
    assert joined.head(12).digest == toys.WRITTEN.digest
    behind = joined.take([12, 13, 14])
    assert behind["query_id"] == ["a", "b", "log:w-bees"]
    assert behind["kind"] == ["log"] * 3
    assert behind["source_doc_id"] == [None] * 3


def test_a_query_of_the_log_that_was_generated_too_stays_once() -> None:
    ctx = Context()
    twice = Queries.of(
        {"query_id": str(n), "text": toys.WRITTEN["text"][0], "split": "train"} for n in range(2)
    )
    assert len(JoinLog(log=twice)(toys.WRITTEN, ctx)) == 12
    assert ctx.notes["dropped"] == {"asked twice, or generated too": 2}


def test_the_log_is_joined_right_behind_the_generator() -> None:
    steps = (generators.SalientTerms(), filters.HoldOut(queries=2), miners.BM25())
    found = with_log(steps, LOG)
    assert [type(s).__name__ for s in found] == ["SalientTerms", "JoinLog", "HoldOut", "BM25"]


def test_a_mixture_is_mixed_like_the_log() -> None:
    mixed = generators.Mixed((generators.SalientTerms(), generators.Titles()), queries=10)
    (step,) = with_log((mixed,), LOG)
    assert isinstance(step, MixLikeLog)
    assert step.like.members == mixed.members
    made = step(toys.CORPUS, Context())
    assert made["text"][:3] == LOG["text"]
    assert len(made) == 13


@pytest.mark.integration
def test_long_documents_are_split_by_the_students_tokens(corpus: Corpus, student: Dense) -> None:
    long = Corpus.of(
        [
            {"doc_id": "long", "title": "", "text": " ".join(corpus["text"][:20])},
            *corpus.dicts()[:2],
        ]
    )
    ctx = Context()
    pieces = SplitLong()(long, Student(encoder=student), ctx)
    assert set(pieces["parent_id"]) == {"long", None}
    assert ctx.notes == {"max_tokens": 64, "pieces": len(pieces) - 3}
    tokens = student.open("cpu").model.tokenizer
    assert max(len(tokens(text)["input_ids"]) for text in pieces.contents) <= 64
