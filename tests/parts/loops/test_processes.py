"""Two processes train as one: they add up gradients, agree, and the first alone writes."""

import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate.state import AcceleratorState
from torch import distributed

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import Fit
from acclimate.parts.loops._processes import ALONE, Processes, joined
from acclimate.parts.losses import InfoNCE, KLDivergence, MarginMSE
from acclimate.parts.part import Context
from acclimate.parts.students import Adapter, Reranker
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration

Work = Callable[[Processes], Any]


def _one(rank: int, work: Work, folder: Path) -> None:
    """A process as a launcher starts it; they meet in a file, not at a port."""
    AcceleratorState._reset_state(reset_partial_state=True)  # what the parent process was told
    for name, value in {"": rank, "LOCAL_": rank}.items():
        os.environ[f"{name}RANK"], os.environ[f"{name}WORLD_SIZE"] = str(value), "2"
    distributed.init_process_group("gloo", f"file://{folder}/meet", rank=rank, world_size=2)
    told = work(Processes.started("cpu"))
    (folder / f"{rank}.json").write_text(json.dumps(told))
    distributed.destroy_process_group()


def together(work: Work, folder: Path) -> list[Any]:
    """What each of two processes gives."""
    folder.mkdir(exist_ok=True)
    context = multiprocessing.get_context("fork")
    both = [context.Process(target=_one, args=(rank, work, folder)) for rank in (0, 1)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in (0, 1)]


def test_a_process_by_itself_does_all_of_the_work() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    weight.grad = torch.tensor([1.0, 2.0])
    ALONE.add_gradients([weight])
    assert weight.grad.tolist() == [1, 2]
    assert list(ALONE.mine("abc")) == ["a", "b", "c"]
    assert ALONE.portion(900, 500) == 500
    assert ALONE.total(0.5) == 0.5
    assert ALONE.agreed(True)
    assert ALONE.by_first(lambda: "made") == "made"


def test_things_are_dealt_in_turn_and_pieces_are_as_many_as_processes() -> None:
    first, second = Processes(2, 0), Processes(2, 1)
    assert (list(first.mine("abcde")), list(second.mine("abcde"))) == (["a", "c", "e"], ["b", "d"])
    assert second.portion(901, 500) == 451
    assert second.portion(9_000, 500) == 500


def _adding(team: Processes) -> Any:
    both, own, unused = (torch.nn.Parameter(torch.zeros(2)) for _ in range(3))
    both.grad = torch.tensor([1.0, 10.0]) * (team.rank + 1)
    if team.rank == 1:
        own.grad = torch.tensor([5.0, 6.0])
    team.add_gradients([both, own, unused])
    things = [torch.full((n + 1, 2), float(n)) for n in range(3)]
    shared = team.exchanged(list(team.mine(things)), 3)
    return {
        "gradients": [both.grad.tolist(), own.grad.tolist(), unused.grad],
        "total": team.total(team.rank + 0.5),
        "shared": [part.tolist() for part in shared],
        "decisions": [team.agreed(team.rank == 0), team.agreed(team.rank == 1)],
        "made": team.by_first(lambda: "Ordner für Gewichte"),
        "writes": team.first,
    }


def test_two_processes_add_up_share_and_agree(tmp_path: Path) -> None:
    """1 + 2 and 10 + 20; a weight that one of them uses; one that none does; 0.5 + 1.5."""
    told = together(_adding, tmp_path)
    assert [t.pop("writes") for t in told] == [True, False]
    assert told[0] == told[1]
    assert told[0]["gradients"] == [[3, 30], [5, 6], None]
    assert told[0]["total"] == 2
    assert told[0]["shared"] == [[[0, 0]], [[1, 1]] * 2, [[2, 2]] * 3]
    assert told[0]["decisions"] == [True, False]
    assert told[0]["made"] == "Ordner für Gewichte"


THINGS = samples.things()


def _trained(loss: Any, student: Student, folder: Path) -> Any:
    """The losses of six updates, and what the weights are."""
    settings = {"steps": 6, "batch": 6, "candidates": 3, "warmup": 2, "learning_rate": 1e-3}
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    part = Fit(loss=loss, **settings, save_every=2)
    after = part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], student, ctx)
    return [ctx.notes["curve"]["loss"], digest(Path(after.encoder.model))]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few texts are a piece, so that there is one for each process."""
    monkeypatch.setattr("acclimate.parts.loops._learner.PIECE_TOKENS", 64)


@pytest.mark.parametrize(
    ("loss", "shape"),
    [
        (KLDivergence(), None),
        (InfoNCE(in_batch=True), None),
        (MarginMSE(), Adapter()),
        (KLDivergence(), Reranker()),
    ],
    ids=["pieces", "a whole batch", "a head", "pairs"],
)
@pytest.mark.usefixtures("small")
def test_two_processes_have_the_losses_of_one(
    loss: Any, shape: Any, student: Student, tmp_path: Path
) -> None:
    learns = student if shape is None else shape(student)
    one = _trained(loss, learns, tmp_path / "one")
    both = together(lambda _: _trained(loss, learns, tmp_path / "two"), tmp_path / "meeting")
    assert both[0] == both[1]
    assert both[0][0] == pytest.approx(one[0], rel=1e-4)
    assert [path.name[:6] for path in (tmp_path / "two").iterdir()] == ["model-"]
    assert one[0][0] != pytest.approx(one[0][-1], rel=1e-2)


def _refused(team: Processes) -> str:
    del team
    with pytest.raises(RecipeError, match="start one process") as told:
        joined(object(), "cpu")
    return str(told.value)


def test_a_learner_that_does_not_know_how_to_share_is_refused(tmp_path: Path) -> None:
    told = together(_refused, tmp_path)
    assert told[0].startswith("2 processes were started, and object learns in one.")
