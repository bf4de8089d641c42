"""AdaptiveSelfTraining [079]: sure labels of the student beside the teacher's."""

from dataclasses import dataclass, field

import pytest
import torch

from acclimate.errors import RecipeError, TableError
from acclimate.models.student import Student
from acclimate.parts.loops import AdaptiveSelfTraining
from acclimate.parts.loops.adaptive_self_training import sure_of
from acclimate.parts.losses import KLDivergence, PairwiseLogistic, WeightedSum
from acclimate.parts.miners import BM25
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEncoder, FakeEngine


def labels(values: dict[str, tuple[float, ...]], teacher: str = "t") -> Labels:
    return Labels.of(
        {"query_id": query, "doc_id": f"d{n}", "value": value, "teacher": teacher}
        for query, scores in values.items()
        for n, value in enumerate(scores)
    )


GIVEN = labels({"g": (3.0, 1.0)})


def test_a_list_and_its_pairs_are_learned_together() -> None:
    """[079] g = (2, 1, 0), s = (0, 1, 0): KL 0.474321, and 0.773224 of the pairs, times λ."""
    scores, targets = torch.tensor([[0.0, 1, 0]]), torch.tensor([[2.0, 1, 0]])
    mask = torch.ones(1, 3, dtype=torch.bool)
    terms = (
        KLDivergence(teacher_temperature=1.0, student_temperature=1.0),
        PairwiseLogistic(temperature=1.0),
    )
    loss = WeightedSum(terms=terms, weights=(1.0, 0.5))
    assert float(loss(scores, targets, mask)) == pytest.approx(0.474321 + 0.5 * 0.773224, abs=1e-5)


def test_only_lists_with_one_clear_winner_get_labels_on_the_teachers_scale() -> None:
    """Two cosines .2 apart at 1 / 20: 1 / (1 + e⁻⁴) = .982; .05 apart: .731."""
    own = labels({"sure": (0.3, 0.5), "torn": (0.5, 0.45), "lonely": (0.9,)}, "student")
    found = sure_of(own, 0.8, 0.05, GIVEN)
    assert found["query_id"] == ["sure", "sure"]
    assert found["value"] == [1.0, 3.0]
    assert set(found["teacher"]) == {"student"}
    assert set(sure_of(own, 0.7, 0.05, GIVEN)["query_id"]) == {"sure", "torn"}


SEEN: list[tuple[Labels, Student]] = []


@dataclass(frozen=True, kw_only=True)
class Looking:
    """A loop that notes its labels and where it begins, and gives another encoder."""

    salt: str = "learnt"
    seen: list = field(default_factory=list, compare=False)

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        SEEN.append((labels, student))
        return student.trained(FakeEncoder(salt=self.salt))


def run(given: int, **settings) -> tuple[Student, list, dict]:
    things, ctx = samples.things(), Context(engine=FakeEngine())
    labelled = things[Labels].following(things[Queries].head(given))
    SEEN.clear()
    part = AdaptiveSelfTraining(loop=Looking(), **settings)
    tables = (things[Corpus], things[Queries], things[Candidates], labelled, things[Student])
    return part(*tables, ctx), list(SEEN), ctx.notes


def test_each_round_begins_anew_with_the_teachers_labels_and_the_students_own() -> None:
    student, seen, notes = run(given=4, rounds=2, confidence=0.3)
    assert len(seen) == 3
    first, *later = (labels for labels, _ in seen)
    assert len(set(first["query_id"])) == 4
    for labels_ in later:
        assert len(labels_) > len(first)
        of = dict(zip(labels_["query_id"], labels_["teacher"], strict=True))
        assert len(set(of.values())) == 2
    assert {begun.encoder for _, begun in seen} == {FakeEncoder()}
    assert notes["rounds"][0]["without a label"] == 8
    assert student.encoder == FakeEncoder(salt="learnt")


def test_a_student_that_is_never_sure_is_left_as_the_teacher_made_it() -> None:
    _, seen, notes = run(given=4, rounds=3, confidence=1.0, temperature=100.0)
    assert len(seen) == 1
    assert notes["rounds"] == [{"without a label": 8, "sure of": 0}]


def test_where_all_is_labelled_nothing_is_left_to_do() -> None:
    _, seen, _ = run(given=12)
    assert len(seen) == 1


def test_without_a_label_it_cannot_begin() -> None:
    with pytest.raises(TableError, match="no label of a training query"):
        run(given=0)


@pytest.mark.parametrize("wrong", [{"rounds": 0}, {"confidence": 0.0}, {"temperature": 0.0}])
def test_settings_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="1 round or more"):
        AdaptiveSelfTraining(loop=Looking(), **wrong)


def test_what_does_not_train_is_refused() -> None:
    with pytest.raises(RecipeError, match="AdaptiveSelfTraining"):
        AdaptiveSelfTraining(loop=BM25())
