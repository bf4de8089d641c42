"""Models that are paid by the request: the engine hands over all at once, and keeps answers."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from acclimate.engines.local import Local
from acclimate.models.ref import Written
from acclimate.models.remote import Allowance


@dataclass(frozen=True)
class Paid:
    """Notes how it is called."""

    whole: bool = True
    calls: list = field(default_factory=list)
    kept: list = field(default_factory=list)

    def open(self, device):
        return self

    def fingerprint(self):
        return "paid"

    def keep_in(self, answers, allowance):
        self.kept.append((answers.folder, allowance))

    def paid(self):
        return len(self.calls), 0.5 * len(self.calls)

    def count_tokens(self, prompts):
        return np.array([len(p) for p in prompts])

    def write(self, prompts, *, count, seed):
        self.calls.append(len(prompts))
        return [[Written(p)] for p in prompts]


PROMPTS = [f"{n} " * n for n in range(1, 60)]


def test_all_prompts_are_handed_over_at_once(tmp_path: Path) -> None:
    engine = Local(device="cpu", folder=tmp_path)
    at_once, batched = Paid(), Paid(whole=False)
    assert [row[0].text for row in engine.write(at_once, PROMPTS, count=1, seed=0)] == PROMPTS
    assert at_once.calls == [59, 59]  # asked, and found again for the one shard
    Local(device="cpu", folder=tmp_path / "b").write(batched, PROMPTS, count=1, seed=0)
    assert len(batched.calls) > 1


def test_several_shards_are_asked_about_side_by_side(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("acclimate.engines.batching.SHARD_ITEMS", 20)
    model = Paid()
    Local(device="cpu", folder=tmp_path).write(model, PROMPTS, count=1, seed=0)
    assert model.calls[0] == 59
    assert sorted(model.calls[1:]) == [19, 20, 20]


def test_a_model_learns_where_answers_are_kept_and_what_it_may_spend(tmp_path: Path) -> None:
    model, allowance = Paid(), Allowance(max_calls=3)
    engine = Local(device="cpu", folder=tmp_path, allowance=allowance)
    engine.write(model, PROMPTS, count=1, seed=0)
    engine.write(model, PROMPTS[:3], count=1, seed=1)
    assert model.kept == [(tmp_path / "answers", allowance)]
    used = engine.usage["write"]
    assert (used["requests"], used["money"]) == (len(model.calls), 0.5 * len(model.calls))
