"""ExactDuplicates: each wording once."""

from hypothesis import given
from hypothesis import strategies as st

from acclimate.parts._words import normal
from acclimate.parts.filters import ExactDuplicates
from acclimate.parts.part import Context
from acclimate.tables import Queries


def queries_of(texts):
    return Queries.of(
        {"query_id": str(i), "text": t, "split": "train"} for i, t in enumerate(texts)
    )


def kept(texts, ctx=None):
    return ExactDuplicates()(queries_of(texts), ctx or Context())["query_id"]


def test_capitals_punctuation_and_spaces_do_not_count():
    assert kept(["Mend a tyre?", "mend  a tyre", "mend a tube"]) == ["0", "2"]


def test_wide_letters_are_letters():
    assert kept(["ＡＢＣ", "abc"]) == ["0"]  # noqa: RUF001


def test_texts_without_letters_go():
    assert kept(["?", "", "a"]) == ["2"]


@given(st.lists(st.text(alphabet="aA b?", max_size=5), max_size=20))
def test_the_first_of_each_wording_stays_in_order(texts):
    rows = [int(i) for i in kept(texts)]
    assert rows == sorted(rows)
    assert [normal(texts[r]) for r in rows] == list(
        dict.fromkeys(normal(t) for t in texts if normal(t))
    )


def test_the_note_counts_what_went():
    ctx = Context()
    kept(["a", "a", "b"], ctx)
    assert ctx.notes == {"dropped": {"same words as an earlier query": 1}}
