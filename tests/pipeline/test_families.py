"""A run adapts a model of any of sentence-transformers' four families, and the gate decides."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import acclimate
from acclimate.engines.local import Local
from acclimate.models.encoders import Dense, MultiVector, Sparse
from acclimate.models.indexes import Flat
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.parts.loops._written import finished
from acclimate.parts.part import Part
from acclimate.pipeline.card import usage
from acclimate.pipeline.gate import ranks_of
from acclimate.pipeline.inputs import as_student
from acclimate.pipeline.pilot import measure, tokens_of
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus
from acclimate.testing.tiny import tiny_scorer

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def few(corpus: Corpus) -> Corpus:
    return corpus.head(48)


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> CrossEncoder:
    return tiny_scorer(tmp_path_factory.mktemp("scorer"), texts=corpus.contents)


def recipe(shape: Part, teacher: Dense) -> Recipe:
    """Few steps, and a teacher that needs no vectors of the student."""
    fusion = labellers.Fusion(weights=(1.0, 1.0, 0.0), encoder=teacher)
    return Recipe(
        "small",
        (
            shape,
            generators.SalientTerms(),
            filters.HoldOut(queries=20),
            miners.BM25(depth=6),
            fusion,
            loops.Fit(
                loss=losses.KLDivergence(teacher_temperature=0.1, student_temperature=1.0),
                steps=6,
                batch=8,
                learning_rate=1e-3,
                warmup=2,
                candidates=4,
            ),
        ),
        judge=fusion,
    )


def verdict_of(outcome: Any) -> dict[str, Any]:
    assert outcome.report.is_file()
    told: dict[str, Any] = outcome.verdict
    assert told["heldout"] == 20
    return told


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (students.Sparse(), Sparse),
        (students.LateInteraction(dimensions=16), MultiVector),
        (students.Reranker(), CrossEncoder),
    ],
    ids=["sparse", "late interaction", "reranker"],
)
def test_a_dense_model_is_compared_with_what_was_made_of_it(
    shape: Part, kind: type, few: Corpus, student: Dense, tmp_path: Path
) -> None:
    """Nothing lies between models of two families: the whole way is the only point."""
    small = recipe(shape, student)
    outcome = acclimate.adapt(small, few, student, out=tmp_path / "run")
    told = verdict_of(outcome)
    assert [p["share"] for p in outcome.facts["points"]] == [1.0]
    assert {"base", "adapted"} <= {row["system"] for row in outcome.facts["systems"]}
    made = [f for f in (tmp_path / "run" / "steps").glob("fit-*/model-*") if f.is_dir()]
    assert len(made) == 1
    assert isinstance(as_student(made[0]).encoder, kind)
    assert isinstance(outcome.encoder, kind if told["better"] else Dense)


def test_a_cross_encoder_is_compared_with_itself_before_on_what_words_find(
    few: Corpus, student: Dense, scorer: CrossEncoder, tmp_path: Path
) -> None:
    small = recipe(students.Reranker(), student)
    outcome = acclimate.adapt(small, few, Path(scorer.model), out=tmp_path / "run")
    verdict_of(outcome)
    (trained,) = (tmp_path / "run" / "steps").glob("fit-*/model-*")
    assert CrossEncoder(str(trained)).fingerprint() != scorer.fingerprint()
    assert [p["share"] for p in outcome.facts["points"]] == [1.0, 0.5]
    assert {"base", "adapted"} <= {row["system"] for row in outcome.facts["systems"]}
    assert isinstance(outcome.encoder, CrossEncoder)
    assert outcome.facts["model"]["family"] == "CrossEncoder"
    assert "model.predict(" in usage(outcome.facts["model"], "here")


def test_half_way_between_two_sparse_encoders_weights_are_half_way(
    few: Corpus, student: Dense, tmp_path: Path
) -> None:
    base = Sparse(str(finished(students.Sparse().prepare(student.load()), tmp_path / "base")))
    small = recipe(students.Sparse(), student)
    outcome = acclimate.adapt(small, few, base, out=tmp_path / "run")
    assert [p["share"] for p in outcome.facts["points"]] == [1.0, 0.5]
    (gate,) = (tmp_path / "run" / "steps").glob("gate-*")
    (fit,) = (tmp_path / "run" / "steps").glob("fit-*/model-*")
    half = Sparse(str(gate / "share-50")).load()
    for name, weights in half.state_dict().items():
        ends = [model.load().state_dict()[name] for model in (base, Sparse(str(fit)))]
        assert np.allclose(weights, (ends[0] + ends[1]) / 2, atol=1e-6)


def test_of_a_reranker_as_many_ranks_are_looked_at_as_it_reads(scorer: CrossEncoder) -> None:
    assert ranks_of(Student(encoder=scorer)) == 30
    assert ranks_of(Student(encoder=Dense("m"))) == 100
    assert ranks_of(Student(encoder=Dense("m")).trained(scorer)) == 30


def test_a_folder_is_opened_as_what_it_says_it_is(
    student: Dense, scorer: CrossEncoder, tmp_path: Path
) -> None:
    late = finished(students.LateInteraction().prepare(student.load()), tmp_path)
    words = finished(students.Sparse().prepare(student.load()), tmp_path)
    pairs = finished(students.Reranker().prepare(student.load()), tmp_path)
    assert as_student(student.model).encoder == student
    assert as_student(scorer.model).encoder == scorer
    assert as_student(pairs).encoder == CrossEncoder(str(pairs))
    assert as_student(words).encoder == Sparse(str(words))
    assert as_student(str(late)).encoder == MultiVector(str(late))


@pytest.mark.parametrize(
    "shape", [students.Sparse(), students.LateInteraction(), students.Reranker()]
)
def test_the_pilot_measures_every_family(
    shape: Any, corpus: Corpus, student: Dense, scorer: CrossEncoder
) -> None:
    start = scorer if isinstance(shape, students.Reranker) else student
    shaped = shape(Student(encoder=start))
    rates = measure(recipe(shape, student), corpus, shaped, "cpu")
    assert rates.train > 0
    assert rates.encode > 0
    assert tokens_of(corpus, shaped, "cpu") > 8


def test_whoever_asks_a_cross_encoder_for_vectors_is_told(scorer: CrossEncoder) -> None:
    for verb in (Local(device="cpu").encode, Local(device="cpu").encode_tokens):
        with pytest.raises(acclimate.ModelError, match="reads pairs and gives no vectors"):
            verb(scorer, ["a text"], kind="document")  # type: ignore[arg-type]


def test_a_model_of_any_family_searches_by_name(corpus: Corpus, scorer: CrossEncoder) -> None:
    hits = Local(device="cpu").search(
        Flat(scorer),
        corpus.contents,
        ["pump gasket", "moon tide"],
        depth=5,
    )
    assert (hits.positions >= 0).all()
