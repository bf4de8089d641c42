"""Momentum: earlier candidates stay. Shows [114]'s pool over two episodes."""

from acclimate.models.student import Student
from acclimate.parts.miners import Lookahead, Momentum, RankWindow, Union, WithStudent
from acclimate.parts.part import Context
from acclimate.tables import Candidates
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine
from acclimate.testing.known import found_by, known

NEAR = WithStudent(depth=8)
POOL = Union(
    tuple(
        RankWindow(miner=miner, skip=0, width=None, count=3)
        for miner in (NEAR, Lookahead(miner=NEAR))
    )
)


def episode(student: Student, before: Candidates) -> Candidates:
    part, ctx = Momentum(miner=POOL), Context(engine=FakeEngine())
    return part(toys.CORPUS, toys.WRITTEN, before, student, ctx)


def test_an_episode_holds_all_that_the_one_before_held() -> None:
    """[114] N₂ ⊇ N₁; |N₁| ≤ 3 + 3 beside the source, with 30 + 30 in the paper."""
    student = Student(encoder=FakeEncoder(dimension=8))
    first = episode(student, Candidates.empty())
    later = episode(student.trained(FakeEncoder(dimension=8, salt="learnt")), first)
    one, two = found_by(first), found_by(later)
    for query in toys.WRITTEN["query_id"]:
        assert len(one[query]) <= 1 + 3 + 3
        assert set(one[query]) <= set(two[query])
        assert len(two[query]) == len(set(two[query])) <= 1 + 6 + 6
    assert len(later) > len(first)
    assert sum(later["is_source"]) == 12


def test_the_miner_says_when_it_was_found() -> None:
    miner, corpus, queries = known({"q": {"s": 3.0, "a": 2.0}})
    other, documents, _ = known({"q": {"b": 3.0, "s": 2.0}})
    before = other(documents, queries, Context())
    corpus = corpus.joined([corpus, documents.head(1)])
    student = Student(encoder=FakeEncoder())
    found = Momentum(miner=miner)(corpus, queries, before, student, Context())
    named = dict(zip(found["doc_id"], found["miner"], strict=True))
    assert named == {"s": "now+before", "a": "now", "b": "before"}


def test_queries_that_are_gone_bring_nothing() -> None:
    miner, corpus, queries = known({"p": {"s": 3.0, "a": 2.0}, "q": {"s": 3.0, "b": 2.0}})
    before = miner(corpus, queries, Context())
    student, left = Student(encoder=FakeEncoder()), queries.head(1)
    found = Momentum(miner=miner)(corpus, left, before, student, Context())
    assert found_by(found) == {"p": ["s", "a"]}
