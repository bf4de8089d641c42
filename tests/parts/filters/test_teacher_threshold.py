"""TeacherThreshold: weak pairs that a teacher does not believe. [104]"""

from acclimate.parts.filters import TeacherThreshold
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries
from acclimate.testing import behaviour

VALUES = {f"q{n}": float(n) - 5 for n in range(20)}
QUERIES = Queries.of(
    {"query_id": q, "text": q, "source_doc_id": "s", "split": "train"} for q in VALUES
)


def labels(*told: tuple[str, str, float, str]) -> Labels:
    return Labels.of({"query_id": q, "doc_id": d, "value": v, "teacher": t} for q, d, v, t in told)


def test_the_share_that_goes_is_the_share_of_values_under_the_threshold() -> None:
    """[104]: of the values −5 … 14 a quarter lies under 0."""
    ctx = Context()
    told = labels(*((q, "s", v, "t") for q, v in VALUES.items()))
    kept = TeacherThreshold()(QUERIES, told, ctx)
    assert len(kept) / len(QUERIES) == 1 - 5 / 20
    assert kept["query_id"] == [f"q{n}" for n in range(5, 20)]
    assert ctx.notes["dropped"] == {"the teacher values the source below 0": 5}


def test_another_document_does_not_save_a_query() -> None:
    told = labels(("q0", "s", -1.0, "t"), ("q0", "d", 3.0, "t"))
    assert "q0" not in TeacherThreshold()(QUERIES, told, Context())["query_id"]


def test_what_nobody_rated_stays() -> None:
    told = labels(("q0", "d", -1.0, "t"))
    assert len(TeacherThreshold()(QUERIES, told, Context())) == len(QUERIES)


def test_of_two_teachers_both_must_agree() -> None:
    told = labels(("q0", "s", 1.0, "t"), ("q0", "s", -1.0, "u"), ("q1", "s", 1.0, "u"))
    kept = TeacherThreshold()(QUERIES, told, Context())["query_id"]
    assert "q0" not in kept
    assert "q1" in kept


def test_it_obeys_the_laws_of_filters() -> None:
    behaviour.check_all(TeacherThreshold(at_least=3.0), folder="filters")
