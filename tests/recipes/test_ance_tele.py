"""ANCE-Tele from end to end: pools grow, and every episode begins at the base model. [114]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.ance_tele import ance_tele
from acclimate.tables import Candidates
from acclimate.testing import toys
from acclimate.testing.known import found_by

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((ance_tele().steps, ance_tele().judge))) == []


def test_thirty_by_the_query_and_thirty_by_its_source() -> None:
    find, _, reads = ance_tele().steps[-1].steps
    fit = reads.loop
    assert [member.count for member in find.miner.members] == [30, 30]
    assert fit.candidates == 32
    assert fit.loss == losses.ListSoftmaxCE(temperature=0.05, in_batch=True)


def test_an_episode_adds_to_the_one_before_and_trains_the_base_model(models, tmp_path) -> None:
    recipe = ance_tele(queries=24, held_out=6, depth=6, each=2, steps=3, episodes=2)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    one, two = (found_by(table) for table in pools(outcome.run))
    assert one.keys() == two.keys()
    assert all(set(one[query]) <= set(two[query]) for query in one)
    assert sum(map(len, two.values())) > sum(map(len, one.values()))
    assert max(map(len, one.values())) <= 1 + 2 + 2
    assert outcome.student.start == models.encoder
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()


def pools(run: Path) -> list[Candidates]:
    """The candidates of each episode, in order."""
    steps = json.loads((run / "report.json").read_text("utf-8"))["steps"]
    folders = [run / step["folder"] for step in steps if step["name"] == "Momentum"]
    return [Candidates.open(next(folder.glob("*.arrow"))) for folder in folders]
