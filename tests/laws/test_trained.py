"""Parts that train, shape or save a student obey the same laws, with a tiny model."""

import dataclasses
from pathlib import Path

import pytest

from acclimate.models.student import Student
from acclimate.parts.loops import StepByStep, TopicShift
from acclimate.parts.students import Sequential
from acclimate.tables import Corpus
from acclimate.testing import behaviour, laws, samples, toys
from acclimate.testing.tiny import tiny_encoder

FOLDERS = ("loops", "students", "serving")
PARTS = [found for found in laws.parts_in("acclimate.parts") if found[0] in FOLDERS]
SMALL = {"steps": 2, "batch": 4, "warmup": 1, "rounds": 1, "candidates": 3, "layers": 1}

TALKS = Corpus.of(
    {"doc_id": row["doc_id"], "title": "", "text": f"Ann: {row['title']}?\nBob: {row['text']}"}
    for row in toys.CORPUS.dicts()
)
"""For what learns from conversations."""

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Student:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    return Student(encoder=tiny_encoder(folder, texts=toys.CORPUS.contents))


@pytest.mark.parametrize(("folder", "kind"), PARTS, ids=[f"{f}.{k.__name__}" for f, k in PARTS])
def test_a_part_obeys_the_laws_of_its_behaviour(
    folder: str, kind: type, student: Student, tmp_path: Path
) -> None:
    numbers = {f.name for f in dataclasses.fields(kind) if f.type in {"int", "int | None"}}
    part = samples.part(kind, **{name: SMALL[name] for name in numbers & set(SMALL)})
    student = Sequential()(student) if kind is StepByStep else student
    corpus = TALKS if kind is TopicShift else None
    behaviour.check_all(part, folder=folder, scratch=tmp_path, student=student, corpus=corpus)
