"""WithDrafts: the loop inside sees the drafts, and nothing else does."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from acclimate.errors import RecipeError, TableError
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import Fit, WithDrafts
from acclimate.parts.losses import SummedSimilarity
from acclimate.parts.miners import BM25
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Drafts, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine

SEEN: list[tuple[Corpus, Labels]] = []


@dataclass(frozen=True, kw_only=True)
class Looking:
    """A loop that notes what it is given."""

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        SEEN.append((corpus, labels))
        return student


def seen(things, **settings) -> tuple[Corpus, Labels, dict]:
    ctx = Context(engine=FakeEngine())
    names = {"corpus": Corpus, "queries": Queries, "labels": Labels, "drafts": Drafts,
             "student": Student}  # fmt: skip
    WithDrafts(loop=Looking(), **settings)(
        **{n: things[kind] for n, kind in names.items()}, ctx=ctx
    )
    return *SEEN.pop(), ctx.notes["drafts"]


def test_the_loop_gets_each_draft_as_a_document_with_its_value() -> None:
    things = samples.things()
    corpus, labels, told = seen(things)
    assert len(corpus) == len(things[Corpus]) + len(things[Drafts])
    new = labels.where("doc_id", things[Drafts]["doc_id"])
    assert new["value"] == things[Drafts]["value"]
    assert set(labels["teacher"]) == set(things[Labels]["teacher"])  # one teacher, as Fit wants it
    assert told == {"train": len(things[Drafts]), "left out": 0}


def test_a_draft_of_two_queries_is_one_document() -> None:
    things = samples.things()
    rows = [{**row, "doc_id": "draft:same", "text": "same"} for row in things[Drafts].dicts()[::2]]
    corpus, labels, _ = seen({**things, Drafts: Drafts.of(rows)})
    assert corpus["doc_id"].count("draft:same") == 1
    assert labels["doc_id"].count("draft:same") == len(rows)


def test_drafts_of_held_out_queries_do_not_train() -> None:
    things = samples.things()
    rows = things[Queries].dicts()
    rows[0]["split"] = "heldout"
    _, labels, told = seen({**things, Queries: Queries.of(rows)})
    assert told["left out"] == 2
    assert not {f"draft:relevant {rows[0]['query_id']}"} & set(labels["doc_id"])


def test_a_query_without_a_label_learns_from_its_drafts() -> None:
    things = samples.things()
    _, labels, _ = seen({**things, Labels: Labels.empty()})
    assert set(labels["teacher"]) == {"draft"}
    assert len(labels) == len(things[Drafts])


def test_some_kinds_may_train_and_nothing_beside_them() -> None:
    """[002] one objective after the other."""
    things = samples.things()
    corpus, labels, told = seen(things, kinds=("relevant",), alone=True)
    assert set(labels["value"]) == {1.0}
    assert len(labels) == len(corpus) - len(things[Corpus]) == told["train"]


def test_a_document_with_the_id_of_a_draft_is_refused() -> None:
    things = samples.things()
    taken = Corpus.columns(doc_id=[things[Drafts]["doc_id"][0]], title=[""], text=["x"])
    with pytest.raises(TableError, match="is there 2 times"):
        seen({**things, Corpus: Corpus.joined([things[Corpus], taken])})


def test_what_does_not_train_is_refused() -> None:
    with pytest.raises(RecipeError, match="WithDrafts"):
        WithDrafts(loop=BM25())


@pytest.mark.integration
def test_a_student_learns_from_drafts(student: Student, tmp_path: Path) -> None:
    """[016] sets of the query's document and a draft; the distractor stands alone."""
    fit = Fit(loss=SummedSimilarity(), steps=2, batch=4, candidates=4, warmup=1, learning_rate=1e-3)
    things = samples.things()
    ctx = Context(seed=5, engine=FakeEngine(), folder=tmp_path)
    after = WithDrafts(loop=fit)(
        things[Corpus], things[Queries], things[Labels], things[Drafts], student, ctx
    )
    assert after.start == student.encoder
    assert digest(Path(after.encoder.model)) != digest(Path(student.encoder.model))
