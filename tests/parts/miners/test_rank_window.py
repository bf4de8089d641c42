"""RankWindow: neither the first ranks nor the last. [010] [011]"""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import RankWindow
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEncoder
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]


def window(count: int, source_rank: int, **settings):
    """The documents d0, d1, … of a list of `count`, where one rank (from 0) is the source's."""
    names = ["s" if rank == source_rank else f"d{rank}" for rank in range(count)]
    miner, corpus, queries = known({"q": {d: -rank for rank, d in enumerate(names)}})
    part = RankWindow(miner=miner, **settings)
    return part(corpus, queries, STUDENT, Context())


def test_from_rank_20_on_the_source_is_skipped() -> None:
    """[010] Thirty documents, the source at 22 (from 0): 20, 21 and 23 come."""
    found = window(30, 22, skip=20, width=4)
    assert found_by(found) == {"q": ["d20", "d21", "s", "d23"]}
    assert found["rank"] == [1, 2, 3, 4]
    assert found["score"] == [-20, -21, -22, -23]


def test_a_source_before_the_window_stays() -> None:
    assert found_by(window(30, 2, skip=20, width=2)) == {"q": ["s", "d20", "d21"]}


def test_without_a_width_all_that_follow_come() -> None:
    assert found_by(window(6, 0, skip=3, width=None)) == {"q": ["s", "d3", "d4", "d5"]}


def test_the_first_ranks_may_come_beside_a_sample_of_the_window() -> None:
    """[088] Ten passages to be read, and some of those behind them as negatives."""
    names = ["s" if rank == 3 else f"d{rank}" for rank in range(200)]
    miner, corpus, queries = known({"q": {d: -rank for rank, d in enumerate(names)}})
    part = RankWindow(miner=miner, skip=10, width=190, count=7, first=10)
    found = found_by(part(corpus, queries, STUDENT, Context()))["q"]
    assert found[:10] == names[:10]
    assert len(set(found[10:])) == 7
    assert all(10 <= int(name[1:]) < 200 for name in found[10:])


def test_a_list_that_ends_before_the_window_has_its_source_alone() -> None:
    assert found_by(window(5, 4, skip=10)) == {"q": ["s"]}


def test_four_of_the_ten_best_are_drawn_each_as_likely() -> None:
    """[011] The paper's sample of the top k: four of ten, 0.4 each."""
    miner, corpus, queries = known(
        {f"q{n}": {"s": 1.0} | {f"d{r}": -r for r in range(1, 15)} for n in range(600)}
    )
    part = RankWindow(miner=miner, skip=0, width=11, count=4)
    found = found_by(part(corpus, queries, STUDENT, Context()))
    assert {len(documents) for documents in found.values()} == {5}
    times = Counter(d for documents in found.values() for d in documents if d != "s")
    assert set(times) == {f"d{r}" for r in range(1, 11)}
    # 600 draws at 0.4: 240, standard deviation 12
    assert all(abs(count - 240) < 48 for count in times.values())


def test_what_is_drawn_hangs_on_the_ids_and_the_seed_alone() -> None:
    lists = {f"q{n}": {"s": 1.0} | {f"d{r}": -r for r in range(9)} for n in range(4)}
    miner, corpus, queries = known(lists)
    part = RankWindow(miner=miner, skip=1, width=9, count=3)
    whole = found_by(part(corpus, queries, STUDENT, Context()))
    alone = found_by(part(corpus, queries.take([2]), STUDENT, Context()))
    other = found_by(part(corpus, queries, STUDENT, Context(seed=1)))
    assert alone == {"q2": whole["q2"]}
    assert other != whole


@pytest.mark.parametrize("settings", [{"skip": -1}, {"width": 0}, {"count": 0}])
def test_an_empty_window_is_refused(settings) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        RankWindow(**settings)


def test_a_student_that_has_learned_draws_anew() -> None:
    lists = {f"q{n}": {"s": 1.0} | {f"d{r}": -r for r in range(9)} for n in range(4)}
    miner, corpus, queries = known(lists)
    part = RankWindow(miner=miner, skip=1, width=9, count=3)
    learned = STUDENT.trained(FakeEncoder(salt="learned"))
    first, again, later = (
        found_by(part(corpus, queries, student, Context()))
        for student in (STUDENT, STUDENT, learned)
    )
    assert first == again != later
