"""CompositeScore: teachers of different kinds in one sum. [105]"""

from dataclasses import dataclass
from typing import cast

import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import CompositeScore, Score, SourceIsRelevant
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeScorer

TEXTS = {"a": "word " * 12, "b": "word " * 10, "c": "word " * 5}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in TEXTS.items())
QUERIES = Queries.of({"query_id": q, "text": q, "split": "train"} for q in ("q", "r"))
STUDENT = Student(encoder=cast(Dense, FakeEncoder()))


@dataclass(frozen=True, kw_only=True)
class Says:
    """A labeller with given values of q's candidates; None is silence; 0 of r's."""

    values: tuple[float | None, ...]

    def __call__(self, candidates: Candidates) -> Labels:
        told = zip(candidates.dicts(), (*self.values, 0.0, 0.0, 0.0), strict=False)
        return Labels.of(
            {"query_id": row["query_id"], "doc_id": row["doc_id"], "value": v, "teacher": "t"}
            for row, v in told
            if v is not None
        )


FORWARD = Says(values=(-1.0, -2.0, -3.0))
BACKWARD = Says(values=(-2.0, -2.5, -4.0))
SIMILARITY = Says(values=(0.3, 0.6, 0.5))


def run(part: CompositeScore, queries: str = "q") -> dict[tuple[str, str], float]:
    found = Candidates.of(
        {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for q in queries
        for r, d in enumerate("abc", 1)
    )
    labels = part(CORPUS, QUERIES, found, STUDENT, Context(engine=FakeEngine()))
    keys = zip(labels["query_id"], labels["doc_id"], strict=True)
    return dict(zip(keys, labels["value"], strict=True))


def composite(*labellers: Says, **settings) -> CompositeScore:
    return CompositeScore(labellers=labellers, **{"short_words": 0, **settings})


def test_the_catalogues_value() -> None:
    """[105]: F = (−1, −2, −3), Bk = (−2, −2.5, −4), P = (.3, .6, .5) → (1.3, 1.725, .6667)."""
    made = run(composite(FORWARD, BACKWARD, SIMILARITY, weights=(1.0, 0.3, 1.0)))
    assert list(made.values()) == pytest.approx([1.3, 1.725, 2 / 3], abs=1e-6)


def test_a_teacher_that_tells_nothing_apart_gives_a_half() -> None:
    """[105]: .5 if constant."""
    made = run(composite(FORWARD, Says(values=(7.0, 7.0, 7.0))))
    assert list(made.values()) == pytest.approx([1.5, 1.0, 0.5])


def test_short_documents_are_held_back() -> None:
    """[105]: fewer than 10 words: × words / 10; here 12, 10 and 5 words."""
    up = Says(values=(0.0, 1.0, 2.0))
    made = run(composite(up, short_words=10))
    assert list(made.values()) == pytest.approx([0.0, 0.5, 1.0 * 5 / 10])


def test_lists_have_ranges_of_their_own() -> None:
    """r's candidates are all valued 0."""
    made = run(composite(FORWARD), "qr")
    assert [made["r", d] for d in "abc"] == [0.5, 0.5, 0.5]
    assert [made["q", d] for d in "abc"] == [1.0, 0.5, 0.0]


def test_what_a_teacher_leaves_out_is_left_out_and_does_not_count_in_the_range() -> None:
    made = run(composite(FORWARD, Says(values=(1.0, 3.0, None))))
    assert made == {("q", "a"): 1.0, ("q", "b"): 1.0}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"labellers": ()}, "a weight above 0 for each"),
        ({"labellers": (FORWARD,), "weights": (1.0, 2.0)}, "a weight above 0 for each"),
        ({"labellers": (FORWARD,), "short_words": -1}, "0 or more"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: dict, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        CompositeScore(**settings)


def test_it_obeys_the_laws_of_labellers() -> None:
    part = CompositeScore(labellers=(SourceIsRelevant(), Score(teacher=FakeScorer())))
    behaviour.check_all(part, folder="labellers")
