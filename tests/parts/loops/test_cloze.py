"""Cloze: a document is read without the query cut out of it. [080], [003]"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.generators import InverseCloze, RandomCrops
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import Cloze
from acclimate.parts.miners import RandomDocuments
from acclimate.parts.part import Context, call
from acclimate.parts.shelf import Shelf
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import toys

STUDENT = Student(encoder=Dense("m"))


@dataclass(frozen=True, kw_only=True)
class Learn:
    """Writes down what it saw."""

    seen: ClassVar[list[tuple[Corpus, Queries, Labels]]] = []

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student
    ) -> Student:
        self.seen.append((corpus, queries, labels))
        return student.trained(replace(student.encoder, model="m+"))


@dataclass(frozen=True, kw_only=True)
class Rank:
    """Writes down the candidates it saw."""

    seen: ClassVar[list[tuple[Corpus, Queries, Candidates]]] = []

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, student: Student
    ) -> Student:
        self.seen.append((corpus, queries, candidates))
        return student


@dataclass(frozen=True, kw_only=True)
class NeedsNothing:
    def __call__(self, labels: Labels) -> Labels:
        return labels


def run(generator: Any, **settings: Any) -> tuple[Corpus, Queries, Labels]:
    Learn.seen.clear()
    steps = (generator, RandomDocuments(count=2), SourceIsRelevant(), Cloze(loop=Learn()))
    shelf = Shelf((toys.CORPUS, STUDENT))
    shelf.run(steps, Context(**settings))
    assert shelf[Student].encoder == Dense("m+")
    assert shelf[Corpus] is toys.CORPUS
    return Learn.seen[0]


def positives(corpus: Corpus, labels: Labels) -> dict[str, str]:
    """The text of each query's relevant document."""
    contents = dict(zip(corpus["doc_id"], corpus.contents, strict=True))
    return {r["query_id"]: contents[r["doc_id"]] for r in labels.dicts() if r["value"] > 0}


def test_a_hidden_sentence_is_never_in_its_positive_and_a_shown_one_always() -> None:
    """[003]: keep probability 0 and 1, here mask_rate 1 and 0."""
    for rate, there in ((1.0, False), (0.0, True)):
        corpus, queries, labels = run(InverseCloze(mask_rate=rate))
        texts = dict(zip(queries["query_id"], queries["text"], strict=True))
        shown = positives(corpus, labels)
        assert len(shown) == len(toys.CORPUS)
        assert {texts[query] in text for query, text in shown.items()} == {there}


def test_the_source_is_the_reading_and_the_others_are_as_they_were() -> None:
    """[080]: the block without its sentence is the positive, other blocks stay whole."""
    corpus, queries, labels = run(InverseCloze(mask_rate=1))
    assert corpus.head(len(toys.CORPUS)).digest == toys.CORPUS.digest
    assert len(corpus) == 2 * len(toys.CORPUS)
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    for row in labels.dicts():
        own = row["doc_id"] == source[row["query_id"]]
        assert own == (row["value"] > 0) == (row["doc_id"] not in toys.CORPUS["doc_id"])


def test_a_crop_is_read_as_a_crop() -> None:
    corpus, queries, labels = run(RandomCrops())
    whole = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS.contents, strict=True))
    parents = dict(zip(corpus["doc_id"], corpus["parent_id"], strict=True))
    for source, text in zip(
        queries["source_doc_id"], positives(corpus, labels).values(), strict=True
    ):
        assert text in whole[parents[source]]
        assert len(text) < len(whole[parents[source]])


def test_a_loop_that_looks_at_candidates_finds_the_readings_among_them() -> None:
    Rank.seen.clear()
    miner, generator = RandomDocuments(count=2), InverseCloze(mask_rate=1)
    shelf = Shelf((toys.CORPUS, STUDENT))
    shelf.run((generator, miner, SourceIsRelevant(), Cloze(loop=Rank())), Context())
    ((corpus, queries, found),) = Rank.seen
    own = [row for row in found.dicts() if row["is_source"]]
    assert {row["doc_id"] for row in own} == set(queries["source_doc_id"])
    texts = dict(zip(queries["query_id"], queries["text"], strict=True))
    for row in own:
        assert texts[row["query_id"]] not in corpus.contents[corpus.position[row["doc_id"]]]
    drawn = shelf[Candidates]
    others = [r["doc_id"] for r in drawn.dicts() if not r["is_source"]]
    assert [r["doc_id"] for r in found.dicts() if not r["is_source"]] == others
    assert found.array("score").tolist() == drawn.array("score").tolist()


def test_held_out_queries_and_those_of_other_kinds_keep_their_documents() -> None:
    Learn.seen.clear()
    ctx = Context()
    rows = [{**row, "kind": "sentence"} for row in toys.WRITTEN.dicts()]
    rows[0] |= {"kind": "inverse_cloze", "split": "heldout"}
    queries = Queries.of(rows)
    labels = Labels.columns(query_id=["w-bees"], doc_id=["bees"], value=[1.0], teacher=["t"])
    Cloze(loop=Learn())(toys.CORPUS, queries, Candidates.empty(), labels, STUDENT, ctx)
    corpus, asked, told = Learn.seen[0]
    assert (corpus.digest, asked.digest, told.digest) == (
        toys.CORPUS.digest, queries.digest, labels.digest,
    )  # fmt: skip
    assert ctx.notes["documents read otherwise"] == 0


def test_the_training_goes_through_the_runs_make_in_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = []

    def make(part: Any, inputs: Any, ctx: Context) -> Any:
        folders.append(ctx.folder)
        return call(part, inputs, ctx)

    run(InverseCloze(), make=make, folder=tmp_path)
    assert folders[-1] == tmp_path / "reading"


def test_what_does_not_train_is_refused() -> None:
    with pytest.raises(RecipeError, match="does not give a Student"):
        Cloze(loop=NeedsNothing())
