"""mtr from end to end: batches of one task, and two rounds of confusion. [075]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.mtr import mtr
from acclimate.tables import Candidates, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((mtr().steps, mtr().judge))) == []


def test_the_student_confuses_in_the_second_round_only() -> None:
    """[075]: BM25 confounders, then the model's own."""
    first, second = mtr().steps[-1].stages
    assert first[0] == miners.BM25(depth=10)
    assert second[0].members == (miners.BM25(depth=10), miners.WithStudent(depth=10))
    assert filters.HomogeneousBatches(size=first[-1].loop.batch) in mtr().steps


def test_a_batch_is_of_one_task_and_both_searches_confuse(models, tmp_path: Path) -> None:
    """[075]: every batch has one task."""
    recipe = mtr(queries=36, held_out=3, depth=3, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow").of_split("train")
    topics: dict[int, list[str]] = {}
    for kind, topic in zip(queries["kind"], queries["topic"], strict=True):
        topics.setdefault(topic, []).append(kind)
    assert len({kind for kinds in topics.values() for kind in kinds}) > 1
    assert all(len(kinds) == 4 and len(set(kinds)) == 1 for kinds in topics.values())
    found = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    miners_of = {name for miner in found["miner"] for name in miner.split("+")}
    assert {"bm25", "student"} <= miners_of
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
