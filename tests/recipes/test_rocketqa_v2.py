"""RocketQAv2 from end to end: the ranker learns beside the retriever. [024]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import filters, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.rocketqa_v2 import rocketqa_v2
from acclimate.tables import Candidates
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "width": 7, "steps": 3, "batch": 4}


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((rocketqa_v2().steps, rocketqa_v2().judge))) == []


def test_lists_have_three_kinds_of_documents_and_both_learn_from_them() -> None:
    joint = rocketqa_v2().steps[-1].loop
    assert joint.loop.loss == losses.KLDivergence(student_temperature=0.05)
    assert joint.ranker.loss == losses.ListSoftmaxCE()
    assert joint.loop.candidates == joint.ranker.candidates == 32
    assert joint.loop.learning_rate == 1e-5
    (union,) = [step for step in rocketqa_v2().steps if isinstance(step, miners.Union)]
    assert [type(member) for member in union.members] == [
        miners.BM25, miners.WithStudent, miners.RandomDocuments,
    ]  # fmt: skip


def test_with_a_teacher_lists_are_denoised(models) -> None:
    kinds = [type(step) for step in rocketqa_v2(teacher=models.scorer).steps]
    assert filters.DenoisedByTeacher in kinds
    assert filters.DenoisedByTeacher not in [type(step) for step in rocketqa_v2().steps]


def test_it_gives_a_retriever_and_keeps_the_ranker_beside_it(models, tmp_path: Path) -> None:
    recipe = replace(rocketqa_v2(ranker=models.scorer, **SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
    ranker = outcome.student.beside
    assert isinstance(ranker, CrossEncoder)
    assert ranker.fingerprint() != models.scorer.fingerprint()
    assert Path(ranker.model).is_relative_to(outcome.run)
    found = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    named = {name for miner in found["miner"] for name in miner.split("+")}
    assert {"bm25", "student", "random"} <= named
