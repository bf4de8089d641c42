"""Where systems are compared: the hardest documents, judged by the teacher, sources left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.pipeline.arena import arena, judge
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine, words

STUDENT = Student(encoder=FakeEncoder())  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """Says how many words query and document share."""

    def __call__(self, corpus: Corpus, queries: Queries, candidates: Candidates) -> Labels:
        texts, docs = dict(zip(queries["query_id"], queries["text"], strict=True)), corpus.position
        values = [
            len(set(words(texts[q])) & set(words(corpus.contents[docs[d]])))
            for q, d in zip(candidates["query_id"], candidates["doc_id"], strict=True)
        ]
        return Labels.columns(
            query_id=candidates["query_id"], doc_id=candidates["doc_id"], value=values,
            teacher=["shared"] * len(values),
        )  # fmt: skip


def test_a_small_corpus_is_compared_among_as_a_whole() -> None:
    where = arena(toys.CORPUS, toys.WRITTEN, STUDENT, Context(engine=FakeEngine()), documents=12)
    assert where.rows.tolist() == list(range(12))
    assert where.sources.tolist() == list(range(12))


def test_of_a_large_one_sources_and_first_ranks_are_taken() -> None:
    engine = FakeEngine()
    asked = toys.WRITTEN.take([3])  # brakes
    where = arena(toys.CORPUS, asked, STUDENT, Context(engine=engine), documents=4)
    assert len(where.documents) == 4
    assert where.documents["doc_id"][where.sources[0]] == "brakes"


def test_no_source_is_lost_however_few_documents_there_may_be() -> None:
    where = arena(toys.CORPUS, toys.WRITTEN, STUDENT, Context(engine=FakeEngine()), documents=2)
    assert len(where.rows) == 12


def test_queries_of_people_have_no_source() -> None:
    where = arena(toys.CORPUS, toys.QUERIES, STUDENT, Context(engine=FakeEngine()), documents=12)
    assert where.sources.tolist() == [-1] * 6


def test_the_teacher_judges_what_any_system_ranks_and_the_source_gains_nothing() -> None:
    ctx = Context(engine=FakeEngine())
    where = arena(toys.CORPUS, toys.WRITTEN.take([0, 5]), STUDENT, ctx, documents=12)
    rankings = {"one": np.array([[0, 1], [5, 3]]), "two": np.array([[2, -1], [4, 3]])}
    judged = judge(where, rankings, Shared(), STUDENT, ctx)
    assert [sorted(p for p in row if p >= 0) for row in judged.positions.tolist()] == [
        [0, 1, 2], [3, 4, 5],
    ]  # fmt: skip
    assert len(judged.labels) == 6
    gains = judged.of(np.array([[0, 1, 2, -1], [5, 4, 3, -1]]))
    assert gains[:, 0].tolist() == [0.0, 0.0]
    assert gains[:, 3].tolist() == [0.0, 0.0]
    assert gains.max(axis=1).tolist() == [1.0, 1.0]
