"""ByKind: a teacher for each kind of query. [110]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.labellers import ByKind, ReaderLikelihood, SourceIsRelevant
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

QUERIES = Queries.of(
    {"query_id": f"{kind} {n}", "text": "bees in summer", "kind": kind, "split": "train",
     "source_doc_id": toys.CORPUS["doc_id"][n]}
    for n in range(3) for kind in ("told", "read", "other")
)  # fmt: skip
CANDIDATES = Candidates.of(
    {"query_id": query, "doc_id": doc, "rank": rank, "score": 0.0, "is_source": rank == 1,
     "miner": "m"}
    for query, source in zip(QUERIES["query_id"], QUERIES["source_doc_id"], strict=True)
    for rank, doc in enumerate((source, toys.CORPUS["doc_id"][5]), 1)
)  # fmt: skip


def label(part, queries=QUERIES, candidates=CANDIDATES):
    ctx = Context(engine=FakeEngine())
    student = Student(encoder=FakeEncoder())
    return part(toys.CORPUS, queries, candidates, student, ctx), ctx


def test_each_kind_has_the_labels_of_its_teacher_in_the_order_of_the_candidates() -> None:
    members = (ReaderLikelihood(target="query"), SourceIsRelevant())
    labels, ctx = label(ByKind(labellers=members, kinds=("read", "told")))
    own = [name for name in CANDIDATES["query_id"] if not name.startswith("other")]
    assert labels["query_id"] == own
    for member, kind in zip(members, ("read", "told"), strict=True):
        alone = QUERIES.where("kind", [kind])
        found = CANDIDATES.following(alone)
        given = (toys.CORPUS, alone, found)
        expected = (
            member(*given, Context(engine=FakeEngine()))
            if kind == "read"
            else label(ByKind(labellers=(member,), kinds=(kind,)))[0]
        )
        assert labels.where("query_id", alone["query_id"]).dicts() == expected.dicts()
    assert ctx.notes["kinds"]["told"]["queries"] == 3
    assert ctx.notes["kinds"]["told"]["labels"] == 6


def test_no_query_has_labels_of_two_teachers() -> None:
    members = (ReaderLikelihood(target="query"), SourceIsRelevant())
    labels, _ = label(ByKind(labellers=members, kinds=("read", "told")))
    teachers: dict[str, set[str]] = {}
    for query, teacher in zip(labels["query_id"], labels["teacher"], strict=True):
        teachers.setdefault(query, set()).add(teacher)
    assert {len(names) for names in teachers.values()} == {1}
    assert len({name for names in teachers.values() for name in names}) == 2


@pytest.mark.parametrize("kinds", [(), ("a",), ("a", "a")], ids=["none", "one", "twice"])
def test_a_kind_without_a_teacher_is_refused(kinds: tuple[str, ...]) -> None:
    with pytest.raises(RecipeError, match="each kind once"):
        ByKind(labellers=(SourceIsRelevant(), ReaderLikelihood()), kinds=kinds)
