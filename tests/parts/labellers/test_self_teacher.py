"""SelfTeacher: the student as it is now. [068]"""

from typing import cast

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import SelfTeacher
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour, samples
from acclimate.testing.fakes import FakeEncoder, FakeEngine

THINGS = samples.things()
TABLES = (THINGS[Corpus], THINGS[Queries], THINGS[Candidates])
BASE = Student(encoder=cast(Dense, FakeEncoder()))
LEARNT = BASE.trained(cast(Dense, FakeEncoder(salt="learnt")))


def values(student: Student) -> list[float]:
    return SelfTeacher()(*TABLES, student, Context(engine=FakeEngine()))["value"]


def test_values_are_the_current_students_own_similarities() -> None:
    """[068]: the teacher is the retriever itself, and reads texts without noise."""
    labels = SelfTeacher()(*TABLES, LEARNT, Context(engine=FakeEngine()))
    row = labels.dicts()[0]
    corpus, queries = TABLES[:2]
    texts = [
        queries["text"][queries.position[row["query_id"]]],
        corpus.contents[corpus.position[row["doc_id"]]],
    ]
    query, document = FakeEncoder(salt="learnt").encode(texts, kind="query")
    assert row["value"] == pytest.approx(float(query @ document), abs=1e-6)
    assert labels["doc_id"] == TABLES[2]["doc_id"]


def test_a_student_that_has_learnt_says_something_else_than_its_start() -> None:
    assert not np.allclose(values(LEARNT), values(BASE))


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(SelfTeacher(), folder="labellers")
