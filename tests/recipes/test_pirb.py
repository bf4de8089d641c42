"""PIRB from end to end: two stages of a dense student, then a ranker beside BM25. [089]"""

import json
from pathlib import Path

import pytest

import acclimate
from acclimate.engines.local import Local
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import BM25, Flat, LearnedFusion
from acclimate.parts import labellers, loops
from acclimate.recipes.pirb import pirb
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration


def test_the_stages_are_those_of_the_paper() -> None:
    teacher = Dense("larger")
    trained = [s for s in pirb(teacher=teacher).steps if type(s).__module__.find(".loops.") > 0]
    kinds = [type(step) for step in trained]
    assert kinds == [loops.VectorDistillation, loops.Staged, loops.FusionRanker]
    assert trained[0].teacher == teacher
    assert not any(isinstance(step, loops.VectorDistillation) for step in pirb().steps)


def test_without_a_writer_sources_are_labelled_without_their_queries() -> None:
    before = pirb().steps[-2]
    assert before == labellers.WithoutQuery(labeller=pirb().judge)


def test_it_runs_and_words_and_vectors_are_searched_as_one(models, tmp_path: Path) -> None:
    teacher = tiny_encoder(tmp_path / "teacher", texts=toys.CORPUS.contents)
    recipe = pirb(
        teacher=teacher, judge=models.scorer, queries=30, held_out=6, depth=6, steps=2, batch=8
    )
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    (step,) = [s for s in steps if s["name"] == "FusionRanker"]
    assert set(step["notes"]["pairs in order"]) == {"ranker", "1: BM25", "2: WithStudent"}
    folder = outcome.run / step["folder"] / "ranker"
    index = LearnedFusion(str(folder), (BM25(), Flat(outcome.student.encoder)))
    hits = Local().search(index, toys.CORPUS.contents, toys.QUERIES["text"], depth=3)
    assert (hits.positions >= 0).all()
    assert (hits.scores[:, :-1] >= hits.scores[:, 1:]).all()
