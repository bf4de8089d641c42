"""TeacherTop1: the source is the teacher's first choice. [085]"""

from acclimate.parts.filters import TeacherTop1
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries

QUERIES = Queries.of(
    {"query_id": q, "text": q, "source_doc_id": s, "split": "train"}
    for q, s in (("first", "s"), ("second", "s"), ("shared", "s"), ("log", None), ("unrated", "s"))
)


def labels(*rows: tuple[str, str, float], teacher: str = "t") -> Labels:
    return Labels.of(
        {"query_id": q, "doc_id": d, "value": v, "teacher": teacher} for q, d, v in rows
    )


RATED = labels(
    ("first", "s", 2.0), ("first", "d", 1.0),
    ("second", "s", 1.0), ("second", "d", 2.0),
    ("shared", "s", 2.0), ("shared", "d", 2.0),
    ("log", "d", 9.0),
    ("unrated", "d", 9.0),
)  # fmt: skip


def test_a_query_whose_teacher_prefers_another_document_goes() -> None:
    ctx = Context()
    kept = TeacherTop1()(QUERIES, RATED, ctx)["query_id"]
    assert kept == ["first", "shared", "log", "unrated"]
    assert ctx.notes["dropped"] == {"the teacher prefers another document": 1}


def test_values_of_two_teachers_are_not_compared() -> None:
    """In units of its own a second teacher puts the source first as well."""
    second = labels(("first", "s", -5.0), ("first", "d", -6.0), teacher="u")
    kept = TeacherTop1()(QUERIES.head(1), Labels.joined([RATED, second]), Context())
    assert kept["query_id"] == ["first"]


def test_each_teacher_must_put_the_source_first() -> None:
    second = labels(("first", "s", -6.0), ("first", "d", -5.0), teacher="u")
    assert len(TeacherTop1()(QUERIES.head(1), Labels.joined([RATED, second]), Context())) == 0


def test_without_labels_all_stay() -> None:
    assert len(TeacherTop1()(QUERIES, Labels.empty(), Context())) == 5
