"""PairwisePreference: judges vote, a model of contests ranks. [119]"""

from dataclasses import dataclass
from math import log
from typing import cast

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import LateInteraction, PairwisePreference, Score
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeScorer

NAMES = "abcdefgh"
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": d} for d in NAMES)
QUERIES = Queries.of([{"query_id": "q", "text": "q", "split": "train"}])
STUDENT = Student(encoder=cast(Dense, FakeEncoder()))


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Values documents as it is told; the others not at all."""

    values: tuple[tuple[str, float], ...]

    def __call__(self, candidates: Candidates) -> Labels:
        told = dict(self.values)
        return Labels.of(
            {"query_id": row["query_id"], "doc_id": row["doc_id"], "value": told[row["doc_id"]],
             "teacher": "t"}
            for row in candidates.dicts() if row["doc_id"] in told
        )  # fmt: skip


def judge(names: str, scale: float = 1.0) -> Judge:
    """Prefers the earlier in `names`."""
    return Judge(values=tuple((d, -scale * n) for n, d in enumerate(names)))


def run(part: PairwisePreference, names: str = NAMES, seed: int = 0) -> dict[str, float]:
    found = Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
        for r, d in enumerate(names, 1)
    )
    ctx = Context(engine=FakeEngine(), seed=seed)
    labels = part(CORPUS, QUERIES, found, STUDENT, ctx)
    return dict(zip(labels["doc_id"], labels["value"], strict=True))


def ranked(values: dict[str, float]) -> str:
    return "".join(sorted(values, key=lambda d: -values[d]))


def test_two_votes_of_three_are_a_share_of_a_win() -> None:
    """2 of 3 and a tenth of a draw: (2/3 + 0.05) of 1.1, in log-odds."""
    judges = (judge("ab"), judge("ab"), judge("ba"))
    part = PairwisePreference(judges=judges, cycles=None, aggregate="bradley_terry")
    made = run(part, "ab")
    assert made["a"] - made["b"] == pytest.approx(log((2 / 3 + 0.05) / (1 / 3 + 0.05)), abs=1e-5)
    assert made["a"] == -made["b"]


@pytest.mark.parametrize("aggregate", ["shares", "bradley_terry", "thurstone"])
def test_judges_that_agree_are_followed(aggregate) -> None:
    part = PairwisePreference(judges=(judge("dbca"),), cycles=None, aggregate=aggregate)
    assert ranked(run(part, "abcd")) == "dbca"


def test_a_judge_with_large_units_has_one_vote() -> None:
    """Two against one, whose differences are a thousand times as large."""
    judges = (judge("abcd"), judge("abcd"), judge("dcba", scale=1000))
    assert ranked(run(PairwisePreference(judges=judges, cycles=None), "abcd")) == "abcd"


def test_a_tie_is_half_a_vote_each() -> None:
    even = Judge(values=(("a", 1.0), ("b", 1.0)))
    assert run(PairwisePreference(judges=(even,)), "ab") == {"a": 0.0, "b": 0.0}


def test_a_few_cycles_find_the_order_of_all_pairs() -> None:
    """Four cycles of eight documents are 32 comparisons, with some of the 28 pairs twice."""
    judges = (judge(NAMES),)
    all_pairs = run(PairwisePreference(judges=judges, cycles=None))
    cycled = run(PairwisePreference(judges=judges, cycles=4))
    assert np.corrcoef(list(all_pairs.values()), list(cycled.values()))[0, 1] > 0.9


def test_which_documents_meet_depends_on_the_query_and_the_seed() -> None:
    part = PairwisePreference(judges=(judge(NAMES),), cycles=1)
    assert run(part) == run(part)
    assert run(part) != run(part, seed=1)


def test_what_a_judge_leaves_out_is_left_out() -> None:
    judges = (judge("abcd"), judge("acd"))
    assert set(run(PairwisePreference(judges=judges), "abcd")) == {"a", "c", "d"}


def test_the_only_candidate_is_left_out() -> None:
    assert run(PairwisePreference(judges=(judge("a"),)), "a") == {}


@pytest.mark.parametrize("settings", [{"judges": ()}, {"judges": (judge("a"),), "cycles": 0}])
def test_asking_nobody_or_about_nothing_is_refused(settings: dict) -> None:
    with pytest.raises(RecipeError, match="at least one of each"):
        PairwisePreference(**settings)


def test_it_obeys_the_laws_of_labellers() -> None:
    part = PairwisePreference(judges=(Score(teacher=FakeScorer()), LateInteraction()))
    behaviour.check_all(part, folder="labellers")
