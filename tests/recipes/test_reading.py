"""Where queries are pieces of documents, nobody who learns or teaches reads one in its source."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acclimate.engines.local import Local
from acclimate.models.readers import FusionInDecoder
from acclimate.models.student import Student
from acclimate.parts import filters, labellers, loops, miners
from acclimate.parts._cloze import is_hidden
from acclimate.parts.part import Context, call, gives
from acclimate.parts.shelf import Shelf
from acclimate.recipes.aar import aar
from acclimate.recipes.adore import adore
from acclimate.recipes.ar2 import ar2
from acclimate.recipes.cet import cet
from acclimate.recipes.corr import corr
from acclimate.recipes.r2anker_distil import r2anker_distil
from acclimate.recipes.rocketqa_v2 import rocketqa_v2
from acclimate.recipes.rrra import rrra
from acclimate.recipes.silver import silver
from acclimate.recipes.specialize import specialize
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

CORPUS = Corpus.of({**row, "title": ""} for row in toys.CORPUS.dicts())
"""Without titles: their words are in the text as well."""

SMALL = {"queries": 36, "held_out": 4}
WRITTEN = (aar, adore, ar2, cet, corr, r2anker_distil, rocketqa_v2, rrra, specialize)
PLAIN = (loops.Fit, loops.Cooperative, loops.CoupledEstimation, loops.DynamicListwiseDistillation)
"""What trains by itself, on the tables it is given; others hand tables on to these."""

DOUBTS = (filters.DenoisedByTeacher, filters.TeacherTop1, filters.FalseNegatives)
"""What looks at a teacher's values, and not at texts: a random one is sure of nothing."""

HIDDEN = (loops.Cloze, labellers.WithoutQuery, miners.WithoutQuery)


class Reading(Local):
    """An engine that writes down the pairs it rates while something learns or labels."""

    def __init__(self, folder: Path) -> None:
        super().__init__(device="cpu", folder=folder)
        self.listens = False
        self.pairs: set[tuple[str, str]] = set()

    def score(self, scorer, queries, documents):
        if self.listens:
            self.pairs |= set(zip(queries, documents, strict=True))
        return super().score(scorer, queries, documents)

    def search(self, index, documents, queries, *, depth=10, among=None):
        if self.listens and among is not None:
            self.pairs |= {
                (query, documents[row])
                for query, rows in zip(queries, among.tolist(), strict=True)
                for row in rows
                if row >= 0
            }
        return super().search(index, documents, queries, depth=depth, among=among)


@dataclasses.dataclass
class Watch:
    """Carries a recipe's steps out, without a training, and writes down what each would read.

    Args:
        engine: does the work.
        asked: the queries, from the last step that had some.
        trained: the tables of each training.
    """

    engine: Reading
    asked: Queries = dataclasses.field(default_factory=Queries.empty)
    trained: list[dict[type, Any]] = dataclasses.field(default_factory=list)

    def make(self, part: Any, inputs: dict[str, Any], ctx: Context) -> Any:
        things = {type(thing): thing for thing in inputs.values()}
        before = self.engine.listens
        self.engine.listens = gives(part) in {Labels, Student}
        if self.engine.listens and Student in things and not isinstance(part, HIDDEN):
            self.trained += [things] if {Queries, Labels} <= things.keys() else []
        made = things[Student] if isinstance(part, PLAIN) else call(part, inputs, ctx)
        self.engine.listens = before
        if isinstance(made, Queries):
            self.asked = made
        return made


def carried_out(steps, student, folder: Path) -> Watch:
    watch = Watch(Reading(folder / "engine"))
    shelf = Shelf((CORPUS, Student(encoder=student)))
    shelf.run(steps, Context(engine=watch.engine, make=watch.make, folder=folder))
    return watch


def read_by(tables: dict[type, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each query that hides its piece, with its source as a training reads it."""
    corpus, labels = tables[Corpus], tables[Labels]
    labelled = set(zip(labels["query_id"], labels["doc_id"], strict=True))
    for query in tables[Queries].of_split("train").dicts():
        if is_hidden(query["kind"]) and (query["query_id"], query["source_doc_id"]) in labelled:
            yield query, corpus.contents[corpus.position[query["source_doc_id"]]]


@pytest.mark.parametrize("recipe", [*WRITTEN, silver], ids=lambda recipe: recipe.__name__)
def test_no_one_who_learns_or_labels_reads_the_piece_in_its_own_source(
    recipe, models, tmp_path: Path
) -> None:
    more = {
        aar: {"reader": FusionInDecoder(models.writer.model)},
        ar2: {"ranker": models.scorer, "rounds": 1},
        adore: {"depth": 4, "rounds": 1},
        cet: {"selection": models.encoder, "depth": 4},
        corr: {"ranker": models.scorer, "count": 3, "rounds": 1},
        r2anker_distil: {"ranker": models.scorer, "depth": 4},
        rocketqa_v2: {"teacher": models.scorer, "ranker": models.scorer, "width": 4},
        rrra: {"teacher": models.scorer, "depth": 6},
        silver: {"teacher": models.scorer, "depth": 4},
        specialize: {"teacher": models.scorer, "depth": 4},
    }
    made = recipe(**SMALL, **more[recipe])
    steps = tuple(step for step in made.steps if not isinstance(step, DOUBTS))
    student = models.scorer if recipe is cet else models.encoder
    watch = carried_out(steps, student, tmp_path)
    whole = dict(zip(CORPUS["doc_id"], CORPUS.contents, strict=True))
    assert watch.trained
    for tables in watch.trained:
        seen = list(read_by(tables))
        assert seen
        assert [query["text"] for query, text in seen if query["text"] in text] == []
    cut = {
        (query["text"], whole[query["source_doc_id"]])
        for query in watch.asked.of_split("train").dicts()
        if is_hidden(query["kind"])
    }
    assert cut
    assert not cut & watch.engine.pairs


@pytest.mark.parametrize("recipe", WRITTEN, ids=lambda recipe: recipe.__name__)
def test_with_a_writer_documents_are_read_as_they_are(recipe, models) -> None:
    alone, asked = recipe(), recipe(writer=models.writer)
    assert any(isinstance(part, HIDDEN) for part in parts_of(alone.steps))
    assert not any(isinstance(part, HIDDEN) for part in parts_of(asked.steps))
    assert unwrapped(alone.steps)[-1] == asked.steps[-1]


def parts_of(value: Any) -> Iterator[Any]:
    """A part and all it holds."""
    inside = value if isinstance(value, tuple) else ()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        inside = tuple(getattr(value, field.name) for field in dataclasses.fields(value))
    for one in inside:
        yield from parts_of(one)


def unwrapped(value: Any) -> Any:
    """The same parts without those that read otherwise."""
    if isinstance(value, tuple):
        return tuple(unwrapped(one) for one in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    if isinstance(value, HIDDEN):
        (field,) = dataclasses.fields(value)
        return unwrapped(getattr(value, field.name))
    changed = {
        f.name: unwrapped(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init
    }
    return dataclasses.replace(value, **changed)
