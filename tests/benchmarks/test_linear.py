"""Whether a part's time grows with n log n: what is timed, and what is said of it."""

import argparse
import math
from dataclasses import dataclass

import pytest

from acclimate.models.student import Student
from acclimate.parts import filters, generators, miners
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Strange:
    """A part with a setting that nothing here knows."""

    secret: bytes


@pytest.fixture
def linear(program):
    return program("linear")


@pytest.fixture
def tables(program):
    return program("tables_that_grow").tables


def test_n_log_n_and_half_as_much_again_is_allowed(linear) -> None:
    assert linear.allowed(10, 100) == pytest.approx(1.5 * 10 * math.log(100) / math.log(10))
    assert linear.allowed(10_000, 100_000) == pytest.approx(1.5 * 12.5)


def test_a_part_fits_fails_or_is_too_fast_to_tell(linear) -> None:
    def fits(*seconds):
        return linear.judged(list(seconds), 10_000, 100_000)["fits"]

    assert fits(1.0, 12.0) is True
    assert fits(1.0, 100.0) is False
    assert fits(0.0001, 0.1) is None
    assert fits(1.0, None) is False
    rows = [{"part": "a", "fits": None}, {"part": "b", "fits": False}]
    assert linear.wrong(rows) == ["b"]


def test_parts_that_take_documents_are_timed(linear) -> None:
    found = {kind.__name__ for _, kind in linear.parts([])}
    assert {"Titles", "BM25", "Fusion", "HoldOut"} <= found
    assert not {"ExactDuplicates", "TopBottom"} & found
    assert [kind for _, kind in linear.parts(["Titles"])] == [generators.Titles]
    assert linear.per_query("filters", filters.RoundTrip())
    assert linear.per_query("miners", miners.BM25())
    assert not linear.per_query("generators", generators.Titles())


def test_a_part_gets_fakes_for_its_models(linear) -> None:
    assert "QuickEncoder" in repr(linear.made(miners.DenseSearch))
    assert linear.made(generators.Titles) == generators.Titles()
    with pytest.raises(LookupError, match="No sample for"):
        linear.made(Strange)


def test_tables_have_the_sizes_that_are_asked_for(tables) -> None:
    made = tables(50, 6)
    assert [len(made[kind]) for kind in (Corpus, Queries, Candidates, Labels)] == [50, 6, 60, 60]
    assert tables(50, 6)[Corpus].digest == made[Corpus].digest
    vectors = made[Student].encoder.encode(["a", "a", "b"], kind="query")
    assert vectors[0].tolist() == vectors[1].tolist() != vectors[2].tolist()


def test_a_call_is_timed_and_one_over_the_limit_is_stopped(linear, tables) -> None:
    class Sleeper:
        def __call__(self, corpus: Corpus) -> Corpus:
            while True:
                math.sqrt(len(corpus))

    options = argparse.Namespace(repeats=2, limit_seconds=300.0)
    world = tables(40, 4)
    assert linear.timed(generators.Titles(), world, options) > 0
    assert linear.timed(miners.DenseSearch(encoder=world[Student].encoder), world, options) > 0
    options.limit_seconds = 0.05
    assert linear.timed(Sleeper(), world, options) is None


def test_the_table_says_what_is_wrong(linear, program) -> None:
    result = {
        "settings": {"sizes": [10_000, 100_000]},
        "allowed": 18.75,
        "parts": [
            {"folder": "miners", "part": "Slow", **linear.judged([1.0, 100.0], 10_000, 100_000)},
            {"folder": "miners", "part": "Stuck", **linear.judged([1.0, None], 10_000, 100_000)},
        ],
        "left_out": {"Clicks": "needs clicks"},
        "failed": {},
    }
    text = program("report").TABLES["speed/linear"](result)
    assert "| miners | Slow | 1.00 | 100.00 | 100.0 | **no** |" in text
    assert "| miners | Stuck | 1.00 | over the limit |  | **no** |" in text
    assert "Not in the table: Clicks (needs clicks)." in text
