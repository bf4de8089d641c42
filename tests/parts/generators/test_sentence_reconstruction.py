"""SentenceReconstruction: a beginning, and a rest to be written. [007]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._answers import answers
from acclimate.parts._words import spans
from acclimate.parts.generators import SentenceReconstruction
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import behaviour, toys

TEXT = "Wait. The old bridge was opened in 1932 by the mayor of the town."
ONE = Corpus.of([{"doc_id": "bridge", "title": "", "text": TEXT}])


def test_the_beginning_asks_and_the_rest_is_the_answer() -> None:
    """[007]: input: the head of a sentence; target: the sentence."""
    queries = SentenceReconstruction(shortest=0.5, longest=0.5)(ONE, Context())
    assert queries["text"] == ["The old bridge was opened in [MASK]"]
    assert answers(ONE, queries) == ["1932 by the mayor of the town"]


def test_beginning_and_rest_make_the_sentence() -> None:
    queries = SentenceReconstruction(per_document=2)(toys.CORPUS, Context())
    texts = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS["text"], strict=True))
    told = zip(
        queries["text"], answers(toys.CORPUS, queries), queries["source_doc_id"], strict=True
    )
    count = 0
    for text, rest, source in told:
        head = text.removesuffix(" [MASK]")
        assert f"{head} {rest}" in texts[source]
        whole = len(spans(f"{head} {rest}"))
        assert 0.3 * whole - 1 <= len(spans(head)) <= 0.6 * whole
        count += 1
    assert count > 12


def test_short_sentences_ask_nothing() -> None:
    assert len(SentenceReconstruction(at_least_words=20)(ONE, Context())) == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"at_least_words": 1}, "2 or more"),
        ({"at_least_words": 9, "at_most_words": 8}, "no smaller"),
        ({"shortest": 0.7}, "the shortest first"),
        ({"longest": 1.0}, "between 0 and 1"),
        ({"mask": ""}, "finds no answer"),
    ],
)
def test_settings_that_show_nothing_or_all_are_refused(settings: dict, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        SentenceReconstruction(**settings)


def test_it_obeys_the_laws_of_generators() -> None:
    behaviour.check_all(SentenceReconstruction(), folder="generators")
