"""Mixed: quotas of several generators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.generators import Fragments, InverseCloze, Mixed, SalientTerms, Titles
from acclimate.parts.generators.mixed import quotas
from acclimate.parts.part import Context
from acclimate.testing import toys

HAVE = st.lists(st.integers(0, 50), min_size=1, max_size=5)


def test_each_member_gets_its_share():
    part = Mixed((SalientTerms(per_document=3), Fragments()), shares=(0.75, 0.25), queries=20)
    kinds = part(toys.CORPUS, Context())["kind"]
    assert (kinds.count("salient_terms"), kinds.count("fragment")) == (15, 5)


def test_what_one_member_lacks_the_others_fill():
    part = Mixed((Titles(), Fragments(per_document=3)), queries=30)
    kinds = part(toys.CORPUS, Context())["kind"]
    assert (kinds.count("title_cloze"), kinds.count("fragment")) == (7, 23)


def test_ids_do_not_depend_on_the_mixture():
    alone = InverseCloze()(toys.CORPUS, Context())
    mixed = Mixed((Fragments(), InverseCloze()))(toys.CORPUS, Context())
    assert set(alone["query_id"]) <= set(mixed["query_id"])


def test_the_same_member_twice_gives_its_queries_once():
    queries = Mixed((InverseCloze(), InverseCloze()))(toys.CORPUS, Context())
    assert len(queries) == len(InverseCloze()(toys.CORPUS, Context()))


def test_the_note_says_what_each_member_wrote():
    ctx = Context()
    Mixed((Titles(), Fragments()), queries=6)(toys.CORPUS, ctx)
    assert [(n["generator"], n["taken"]) for n in ctx.notes["generators"]] == [
        ("Titles", 3),
        ("Fragments", 3),
    ]


def test_members_write_no_more_than_could_be_taken():
    ctx = Context()
    Mixed((Fragments(per_document=3),), queries=4)(toys.CORPUS, ctx)
    assert ctx.notes["generators"][0]["written"] == 4


@given(HAVE, st.integers(0, 120), st.data())
def test_quotas_take_what_is_wanted_and_never_more_than_there_is(have, total, data):
    shares = tuple(data.draw(st.lists(st.floats(0.1, 10), min_size=len(have), max_size=len(have))))
    counts = quotas(have, shares, total)
    assert sum(counts) == min(total, sum(have))
    assert all(0 <= c <= h for c, h in zip(counts, have, strict=True))


def test_a_share_of_zero_takes_nothing():
    assert quotas([10, 10], (0, 1), 15) == [0, 10]
    assert quotas([10, 10], (0, 1), None) == [0, 10]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"members": ()}, "no members"),
        ({"shares": (1.0,)}, "3 members and 1 shares"),
        ({"shares": (0.0, 0.0, 0.0)}, "not all 0"),
        ({"shares": (1.0, -1.0, 1.0)}, "0 or more"),
    ],
)
def test_quotas_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(RecipeError, match=message):
        Mixed(**settings)
