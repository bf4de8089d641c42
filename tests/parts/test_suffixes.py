"""Suffixes: runs of words that stand elsewhere, found as a brute-force search finds them. [063]"""

from hypothesis import given, settings
from hypothesis import strategies as st

from acclimate.parts._suffixes import Run, Suffixes

TEXT = st.lists(st.sampled_from("abc"), max_size=9).map(" ".join)


def brute(texts: list[str], text: str) -> list[tuple[int, int]]:
    """(start, length) of the runs that stand in a text and lie in no longer one."""
    own = text.split()
    padded = [f" {other} " for other in texts]

    def stands(start: int, end: int) -> bool:
        return any(f" {' '.join(own[start:end])} " in other for other in padded)

    ends = [
        max((e for e in range(s + 1, len(own) + 1) if stands(s, e)), default=s)
        for s in range(len(own))
    ]
    return [
        (s, ends[s] - s)
        for s in range(len(own))
        if ends[s] > s and all(ends[before] < ends[s] for before in range(s))
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXT, max_size=5), TEXT)
def test_it_finds_exactly_the_spans_that_a_brute_force_search_finds(
    texts: list[str], text: str
) -> None:
    """[063]: suffix array and brute force agree."""
    found = Suffixes(texts).runs(text)
    assert [(run.start, run.length) for run in found] == brute(texts, text)
    for run in found:
        said = " ".join(text.split()[run.start : run.start + run.length])
        assert f" {said} " in f" {texts[run.text]} "
        assert not any(f" {said} " in f" {other} " for other in texts[: run.text])


@settings(deadline=None)
@given(st.lists(TEXT, max_size=5), TEXT)
def test_it_counts_as_one_counts(texts: list[str], text: str) -> None:
    run, told = text.split(), [other.split() for other in texts]
    times = sum(
        words[start : start + len(run)] == run
        for words in told
        for start in range(len(words) - len(run) + 1)
    )
    if run:
        assert Suffixes(texts).count(run) == times


def test_a_run_ends_with_its_text() -> None:
    assert Suffixes(["warm milk", "and honey"]).longest("warm milk and honey") == Run(0, 2, 0)


def test_capitals_and_punctuation_do_not_count() -> None:
    assert Suffixes(["Warm MILK, and honey!"]).longest("the warm milk and") == Run(1, 3, 0)


def test_nothing_in_common_is_a_run_of_nothing() -> None:
    assert Suffixes(["warm milk"]).longest("bread") == Run(0, 0, -1)
    assert Suffixes([]).longest("bread") == Run(0, 0, -1)
    assert Suffixes(["warm milk"]).longest("") == Run(0, 0, -1)


def test_runs_are_told_apart_up_to_their_longest() -> None:
    long = " ".join(f"w{n % 7}" for n in range(200))
    assert Suffixes([long], at_most_words=16).longest(long).length == 16
    assert Suffixes([long]).longest(" ".join(long.split()[50:90])).length == 40


def test_its_length_is_the_words_of_all_texts() -> None:
    assert len(Suffixes(["warm milk", "", "honey"])) == 3
