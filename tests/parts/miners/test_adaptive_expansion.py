"""AdaptiveExpansion: a teacher's budget goes where relevant documents are."""

from dataclasses import dataclass
from typing import Any

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners import AdaptiveExpansion, RankWindow
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels
from acclimate.testing.fakes import FakeEncoder, FakeEngine
from acclimate.testing.known import KnownLabeller, found_by, known

STUDENT = Student(encoder=FakeEncoder())

# The search finds the source, one more relevant document, and noise; the other relevant ones share
# no word with the query, but with these two.
RELEVANT = {f"r{n}": f"brake pads of rubber grind {n}" for n in range(6)}
NOISE = {f"n{n}": f"noise{n} alone{n} other{n}" for n in range(20)}
TEXTS = {"s": "brake pads stop the wheel", "q": "wheel", **RELEVANT, **NOISE}
LIST = {"s": 9.0, "r0": 8.0} | {name: 7.0 - rank for rank, name in enumerate(NOISE)}
VALUES = {"s": 3.0} | dict.fromkeys(RELEVANT, 2.0) | dict.fromkeys(NOISE, 0.0)
ALL = dict.fromkeys(VALUES, 0.0)


def world(lists=None):
    miner, corpus, queries = known({"q": lists or LIST, "other": ALL}, texts=TEXTS)
    return miner, corpus, queries.where("query_id", ["q"])


def labeller(values=None) -> KnownLabeller:
    return KnownLabeller(values=tuple((values or VALUES).items()))


def expanded(**settings):
    miner, corpus, queries = world()
    part = AdaptiveExpansion(**{"labeller": labeller(), "miner": miner, **settings})
    ctx = Context(engine=FakeEngine())
    return part(corpus, queries, STUDENT, ctx), ctx


def test_as_many_labels_meet_more_relevant_documents_than_down_the_list() -> None:
    found, ctx = expanded(budget=10, batch=3, neighbours=5)
    miner, corpus, queries = world()
    plain = RankWindow(miner=miner, skip=0, width=10)(corpus, queries, STUDENT, Context())
    assert len(plain) == len(found) == 10
    assert len(set(plain["doc_id"]) & set(RELEVANT)) == 1
    assert len(set(found["doc_id"]) & set(RELEVANT)) >= 4
    assert ctx.notes["expanded"]["labelled"] == 10


def test_scores_are_the_teachers_and_the_miner_says_who_led_there() -> None:
    found, _ = expanded(budget=10, batch=3, neighbours=5)
    assert found["score"] == [VALUES[d] for d in found["doc_id"]]
    assert found["rank"] == list(range(1, 11))
    assert found["doc_id"][0] == "s"
    assert found["is_source"] == [True] + [False] * 9
    named = dict(zip(found["doc_id"], found["miner"], strict=True))
    assert named["r0"] == "known"
    assert {named[d] for d in named if d in RELEVANT and d != "r0"} == {"neighbour"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A labeller that notes what it is asked, turn by turn."""

    turns: Any

    def __call__(self, candidates: Candidates, ctx: Context) -> Labels:
        self.turns.append(candidates["doc_id"])
        return labeller()(candidates, ctx)


def test_turns_alternate_between_the_list_and_what_waits() -> None:
    asked = Asked(turns=[])
    expanded(labeller=asked, budget=8, batch=2, neighbours=5)
    first, second, third, fourth = asked.turns
    assert first == ["s", "r0"]  # the list, the source first
    assert len(second) == 2
    assert third[0] in NOISE  # the list goes on
    assert set(fourth) <= set(TEXTS)
    labelled = [d for turn in asked.turns for d in turn]
    assert len(labelled) == len(set(labelled)) == 8


def test_a_budget_within_one_turn_is_the_head_of_the_list() -> None:
    found, _ = expanded(budget=3, batch=8)
    assert found_by(found) == {"q": ["s", "r0", "n0"]}


def test_when_nothing_is_left_it_ends() -> None:
    found, _ = expanded(budget=500, batch=7, neighbours=50)
    assert len(found) == 27


def test_what_has_no_label_is_left_out_but_the_source() -> None:
    miner, corpus, queries = world({"s": 2.0, "r0": 1.0, "n0": 0.5})
    part = AdaptiveExpansion(labeller=labeller({"r0": 5.0}), miner=miner, budget=3)
    found = part(corpus, queries, STUDENT, Context(engine=FakeEngine()))
    assert found_by(found) == {"q": ["r0", "s"]}
    assert found["score"] == [5.0, 5.0]


def test_neighbours_of_a_document_are_sought_once() -> None:
    miner, corpus, queries = known({f"q{n}": {"s": 2.0, "r0": 1.0} for n in range(9)}, texts=TEXTS)
    engine = FakeEngine()
    part = AdaptiveExpansion(labeller=labeller(), miner=miner, budget=6, batch=2)
    part(corpus, queries, STUDENT, Context(engine=engine))
    assert engine.calls["search"] == 2


@pytest.mark.parametrize("setting", ["budget", "batch", "neighbours"])
def test_to_look_at_nothing_is_refused(setting: str) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        AdaptiveExpansion(labeller=labeller(), **{setting: 0})
