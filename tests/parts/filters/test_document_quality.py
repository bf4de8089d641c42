"""DocumentQuality: stubs, signs and repetitions go. [010]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import DocumentQuality
from acclimate.parts.filters.document_quality import letters, repeated
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys

TEXTS = {
    "stub": "See also the index.",
    "signs": "| 1.0 | 2.5 | 3.7 | 4.1 | 5.2 | 6.9 | 7.3 | 8.8 | 9.4 | 0.6 | 1.5 |",
    "menu": "home news about us contact login " * 6,
    "prose": "The pump must be primed before it is started for the first time after the winter.",
    "hindi": "पंप को पहली बार चलाने से पहले उसमें पानी भरना चाहिए और वाल्व को बंद रखना चाहिए",
    "chinese": "水泵在首次启动之前必须先灌满水, 否则密封件会因为缺少润滑而很快损坏。",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in TEXTS.items())


def test_only_prose_stays_in_any_language() -> None:
    """[010]: queries are written for documents of high quality."""
    ctx = Context()
    assert DocumentQuality()(CORPUS, ctx)["doc_id"] == ["prose", "hindi", "chinese"]
    assert ctx.notes["dropped"] == {
        "fewer than 10 words": 1, "few letters": 1, "repeats itself": 1,
    }  # fmt: skip


def test_each_bar_can_be_lowered() -> None:
    part = DocumentQuality(at_least_words=0, at_least_letters=0.0, at_most_repeated=1.0)
    assert len(part(CORPUS, Context())) == len(CORPUS)


def test_ordinary_documents_stay() -> None:
    assert DocumentQuality()(toys.CORPUS, Context()).digest == toys.CORPUS.digest


def test_marks_of_letters_count_as_letters() -> None:
    assert letters("पानी") == 1.0
    assert letters("e = m c 2") == 3 / 5
    assert letters(" ") == 1.0


def test_runs_that_came_before_are_counted() -> None:
    assert repeated(list("abcd")) == 0.0
    assert repeated(list("abcde") * 2) == 1 / 6  # of 6 runs the last is the first


@pytest.mark.parametrize("name", ["at_least_letters", "at_most_repeated"])
def test_a_share_out_of_range_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match="between 0 and 1"):
        DocumentQuality(**{name: 1.5})
