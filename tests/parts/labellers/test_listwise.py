"""Listwise: windows from the last to the first; what is good moves up."""

import json
import re

import pytest

from acclimate.errors import RecipeError
from acclimate.models.ref import Written
from acclimate.parts._asking import Said
from acclimate.parts.labellers import Listwise
from acclimate.parts.labellers.listwise import moved, windows
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

COUNT = 8
CORPUS = Corpus.columns(
    doc_id=[f"d{n}" for n in range(COUNT)],
    title=[""] * COUNT,
    text=[f"worth {n}" for n in range(COUNT)],
)
QUERIES = Queries.of({"query_id": q, "text": q, "split": "train"} for q in ("q", "r"))


class Sorts(Recorded):
    def _answer(self, prompt: str) -> Written:
        found = [int(n) for n in re.findall(r"worth (\d+)", prompt)]
        order = sorted(range(len(found)), key=lambda i: -found[i])
        return Written(json.dumps({"order": [i + 1 for i in order]}))


def candidates(**names: str) -> Candidates:
    return Candidates.of(
        {"query_id": q, "doc_id": f"d{d}", "rank": n, "score": 0.0, "is_source": False,
         "miner": "m"}
        for q, of in names.items()
        for n, d in enumerate(of, 1)
    )  # fmt: skip


def run(writer, found: Candidates, **settings) -> dict[str, list[str]]:
    part = Listwise(writer=writer, **settings)
    labels = part(CORPUS, QUERIES, found, Context(engine=FakeEngine()))
    rows = sorted(labels.dicts(), key=lambda row: -row["value"])
    return {q: [r["doc_id"][1:] for r in rows if r["query_id"] == q] for q in ("q", "r")}


def test_one_window_is_one_order() -> None:
    assert run(Sorts(), candidates(q="0123", r="31"))["q"] == list("3210")
    assert run(Sorts(), candidates(q="0123", r="31"))["r"] == list("31")


def test_the_best_comes_from_the_end_to_the_front() -> None:
    writer = Sorts()
    order = run(writer, candidates(q="01234567"), window=4, step=2)["q"]
    # places 4–7: 0123 7654; places 2–5: 01 7632 54; places 0–3: 7610 3254
    assert order == list("76103254")
    assert len(writer.asked) == 3


def test_windows_by_hand() -> None:
    assert windows(100, 20, 10)[0] == slice(80, 100)
    assert windows(100, 20, 10)[-1] == slice(0, 20)
    assert len(windows(100, 20, 10)) == 9
    assert windows(1, 4, 2) == []


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ('{"order": [3, 1, 2]}', [30, 10, 20]),
        ('{"order": [3, 3]}', [30, 10, 20]),
        ('{"order": [9, 2]}', [20, 10, 30]),
        ("", [10, 20, 30]),
    ],
)
def test_numbers_left_out_keep_their_order(said: str, order: list[int]) -> None:
    assert moved([10, 20, 30], Said(said, None)) == order


def test_values_go_evenly_from_1_to_0() -> None:
    part = Listwise(writer=Sorts())
    labels = part(CORPUS, QUERIES, candidates(q="012", r="4"), Context(engine=FakeEngine()))
    assert labels["value"] == [0.0, 0.5, 1.0, 1.0]


def test_windows_that_do_not_overlap_are_refused() -> None:
    with pytest.raises(RecipeError, match="less than the window"):
        Listwise(writer=Recorded(), window=10, step=10)
