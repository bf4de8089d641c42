"""A run that was killed ends with the same weights, bit for bit; its files are never half done."""

import json
from dataclasses import replace

import pytest
import torch
from torch import nn

from train import loop

PLAN = loop.Plan(steps=12, warmup=4, save_every=3, check_every=6)


class Line:
    """A task: learn a line, with dropout, from batches in a new order each epoch."""

    def __init__(self, *, killed_at: int | None = None) -> None:
        torch.manual_seed(0)
        self.model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 1))
        self.killed_at = killed_at
        self.settings = {"kind": "line"}

    def groups(self):
        return [
            {"params": list(self.model[0].parameters()), "lr": 0.1},
            {"params": list(self.model[2].parameters()), "lr": 0.01},
        ]

    def epoch(self, number):
        return torch.randn(5, 2, 3, generator=torch.Generator().manual_seed(number)).unbind()

    def loss(self, batch, step):
        if step == self.killed_at:
            raise KeyboardInterrupt
        return (self.model(batch)[:, 0] - batch.sum(dim=1)).square().mean()

    def count(self, batch):
        return len(batch)

    def check(self):
        return {"held_out_loss": float(self.loss(torch.ones(1, 3), -1))}


def run(folder, **settings):
    said: list[str] = []
    task = Line(**settings)
    progress = loop.train(task, PLAN, folder, say=said.append)
    return task.model.state_dict(), progress, said


@pytest.mark.parametrize("moment", [0, 1, 5, 6, 11])
def test_a_killed_run_goes_on_to_the_same_weights(tmp_path, moment):
    whole, _, _ = run(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "killed", killed_at=moment)
    again, progress, _ = run(tmp_path / "killed")
    assert all(torch.equal(whole[name], again[name]) for name in whole)
    assert progress.step == 12
    assert progress.pairs == 24


def test_a_half_written_checkpoint_is_no_checkpoint(tmp_path):
    whole, _, _ = run(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "killed", killed_at=7)
    (tmp_path / "killed" / f"{loop.CHECKPOINT}.part").write_bytes(b"half")
    again, _, _ = run(tmp_path / "killed")
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_other_settings_are_refused(tmp_path):
    run(tmp_path)
    task = Line()
    task.settings = {"kind": "curve"}
    with pytest.raises(loop.RunError, match="holds a run with other settings, data or model, at"):
        loop.train(task, PLAN, tmp_path, say=lambda line: None)


def test_a_run_may_be_made_longer_and_its_rates_follow_the_plan_in_force(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, killed_at=7)
    task, longer = Line(), replace(PLAN, steps=20)
    progress = loop.train(task, longer, tmp_path, say=lambda line: None)
    assert progress.step == 20
    assert progress.pairs == 40  # the first six updates were not made again
    told = json.loads((tmp_path / loop.CURVE).read_text())
    assert told["steps"] == 20
    assert [point["step"] for point in told["points"]] == [3, 6, 9, 12, 15, 18, 20]


def test_time_ends_a_call_and_not_the_run(tmp_path):
    task = Line()
    progress = loop.train(task, PLAN, tmp_path, minutes=0, say=lambda line: None)
    assert progress.step == 0
    assert not (tmp_path / loop.CHECKPOINT).exists()
    _, done, _ = run(tmp_path)
    assert done.step == 12


def test_a_finished_run_does_nothing_more(tmp_path):
    first, _, _ = run(tmp_path)
    before = (tmp_path / loop.CHECKPOINT).read_bytes()
    again, _, said = run(tmp_path)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert (tmp_path / loop.CHECKPOINT).read_bytes() == before
    assert said[0].startswith("update 12 of 12: loss ")


def test_the_curve_has_a_point_for_each_checkpoint(tmp_path):
    run(tmp_path)
    told = json.loads((tmp_path / loop.CURVE).read_text())
    assert (told["step"], told["steps"]) == (12, 12)
    assert [point["step"] for point in told["points"]] == [3, 6, 9, 12]
    assert ["held_out_loss" in point for point in told["points"]] == [False, True, False, True]
    assert [point["pairs"] for point in told["points"]] == [6, 12, 18, 24]


def test_the_learning_rate_rises_and_falls_to_nothing():
    # A quarter more each update, then an eighth less.
    shares = [PLAN.share(step) for step in (0, 1, 3, 4, 8, 11)]
    assert shares == [0.25, 0.5, 1.0, 1.0, 0.5, 0.125]


def test_a_run_without_a_batch_says_so(tmp_path):
    task = Line()
    task.epoch = lambda number: []
    with pytest.raises(loop.RunError, match="not one batch"):
        loop.train(task, PLAN, tmp_path)
