"""WithStudent: searches with the weights the student has now."""

from acclimate.models.student import Student
from acclimate.parts.miners import DenseSearch, WithStudent
from acclimate.parts.part import Context
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine


def mined(student):
    ctx = Context(engine=FakeEngine())
    return WithStudent(depth=3)(toys.CORPUS, toys.WRITTEN, student, ctx)


def test_it_finds_what_a_search_with_the_same_weights_finds():
    found = mined(Student(encoder=FakeEncoder()))
    dense = DenseSearch(encoder=FakeEncoder(), depth=3, name="student")
    same = dense(toys.CORPUS, toys.WRITTEN, Context(engine=FakeEngine()))
    assert found.digest == same.digest


def test_a_student_that_has_learnt_finds_other_documents():
    before = Student(encoder=FakeEncoder(dimension=8))
    after = before.trained(FakeEncoder(dimension=8, salt="learnt"))
    assert mined(before)["doc_id"] != mined(after)["doc_id"]
