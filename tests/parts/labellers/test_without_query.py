"""WithoutQuery: a teacher reads a source without its query, and names the document itself."""

from dataclasses import dataclass
from typing import ClassVar

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import Score, WithoutQuery
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeScorer

STUDENT = Student(encoder=Dense("m"))
FIRST = "Bees visit flowers to gather nectar"


def asked(kind: str, split: str = "train") -> tuple[Queries, Candidates]:
    """A query of this kind, and its source among two documents."""
    queries = Queries.of([
        {"query_id": "q", "text": FIRST, "source_doc_id": "bees", "kind": kind, "split": split}
    ])  # fmt: skip
    candidates = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": n, "score": 0.0, "is_source": d == "bees",
         "miner": "m"} for n, d in enumerate(("tides", "bees"), 1)
    )  # fmt: skip
    return queries, candidates


@dataclass(frozen=True, kw_only=True)
class Reads:
    """Writes down what it was given."""

    seen: ClassVar[list[tuple[Corpus, Queries, Candidates]]] = []

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, student: Student
    ) -> Labels:
        del student
        self.seen.append((corpus, queries, candidates))
        return Labels.columns(
            query_id=candidates["query_id"], doc_id=candidates["doc_id"],
            value=[1.0] * len(candidates), teacher=["t"] * len(candidates),
        )  # fmt: skip


def test_words_that_are_in_the_query_alone_do_not_count_for_its_source() -> None:
    """FakeScorer counts shared words: six of six with the sentence, none without it but "Bees"."""
    ctx = Context(engine=FakeEngine())
    queries, candidates = asked("inverse_cloze")
    plain = Score(teacher=FakeScorer())
    whole = plain(toys.CORPUS, queries, candidates, ctx)
    rest = WithoutQuery(labeller=plain)(toys.CORPUS, queries, candidates, STUDENT, ctx)
    assert whole["doc_id"] == rest["doc_id"] == ["tides", "bees"]
    assert whole["value"][1] == 6
    assert rest["value"] == [whole["value"][0], 1 + 1]  # "Bees" of the title, and "nectar"
    assert ctx.notes["documents read otherwise"] == 1


def test_the_labeller_sees_the_reading_as_the_source() -> None:
    Reads.seen.clear()
    queries, candidates = asked("inverse_cloze")
    WithoutQuery(labeller=Reads())(toys.CORPUS, queries, candidates, STUDENT, Context())
    ((corpus, told, found),) = Reads.seen
    assert told["source_doc_id"] == [found["doc_id"][1]]
    assert found["is_source"] == [False, True]
    assert FIRST not in corpus.contents[corpus.position[found["doc_id"][1]]]


def test_held_out_queries_and_those_of_other_kinds_keep_their_documents() -> None:
    for kind, split in (("sentence", "train"), ("inverse_cloze", "heldout")):
        Reads.seen.clear()
        queries, candidates = asked(kind, split)
        WithoutQuery(labeller=Reads())(toys.CORPUS, queries, candidates, STUDENT, Context())
        assert [t.digest for t in Reads.seen[0]] == [
            toys.CORPUS.digest, queries.digest, candidates.digest,
        ]  # fmt: skip
