"""Frequency: a bound on the queries of one document. [103]"""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.filters import Frequency
from acclimate.parts.part import Context
from acclimate.tables import Queries


def queries(sources: list[str | None]) -> Queries:
    return Queries.of(
        {"query_id": f"q{n}", "text": "?", "source_doc_id": s, "split": "train"}
        for n, s in enumerate(sources)
    )


@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=30), st.integers(1, 5))
def test_no_document_has_more_than_the_cap(sources: list[str | None], cap: int) -> None:
    """[103]: after capping at c no item exceeds c examples, and none loses more than it must."""
    kept = Counter(Frequency(at_most=cap)(queries(sources), Context())["source_doc_id"])
    given_ = Counter(sources)
    assert {s: kept[s] for s in given_ if s} == {s: min(n, cap) for s, n in given_.items() if s}
    assert kept[None] == given_[None]


def test_which_stay_depends_on_ids_and_not_on_order() -> None:
    given_ = queries(["a"] * 20)
    mirrored = given_.take(list(reversed(range(20))))
    part = Frequency(at_most=5)
    assert set(part(given_, Context())["query_id"]) == set(part(mirrored, Context())["query_id"])


def test_another_seed_draws_others() -> None:
    part, given_ = Frequency(at_most=5), queries(["a"] * 40)
    drawn = {tuple(part(given_, Context(seed=seed))["query_id"]) for seed in range(4)}
    assert len(drawn) == 4


def test_the_note_counts_what_went() -> None:
    ctx = Context()
    Frequency(at_most=2)(queries(["a"] * 5 + ["b"]), ctx)
    assert ctx.notes["dropped"] == {"of a document asked for often": 3}


def test_a_cap_of_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="keeps nothing"):
        Frequency(at_most=0)
