"""InputNoise: training queries with noise. [068]"""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import HoldOut
from acclimate.parts.generators import InputNoise
from acclimate.parts.labellers import Score
from acclimate.parts.part import Context
from acclimate.parts.shelf import Shelf
from acclimate.tables import Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine, FakeScorer


def test_labels_are_the_clean_querys_and_the_noise_is_the_students() -> None:
    """[068]: teacher inputs are never noised."""
    things = samples.things()
    del things[Labels]
    steps = (Score(teacher=FakeScorer()), InputNoise(noise="delete", share=0.5))
    clean, noisy = Shelf(things.values()), Shelf(things.values())
    clean.run(steps[:1], Context(engine=FakeEngine()))
    noisy.run(steps, Context(engine=FakeEngine()))
    assert noisy[Labels] is not clean[Labels]
    assert noisy[Labels].digest == clean[Labels].digest
    assert noisy[Queries]["text"] != clean[Queries]["text"]


def test_shuffling_keeps_the_words_of_each_query() -> None:
    """[068]: shuffle keeps the multiset; a share of 0 is the identity."""
    noisy = InputNoise(noise="shuffle", share=1)(toys.WRITTEN, Context())
    bags = [[Counter(text.split()) for text in q["text"]] for q in (toys.WRITTEN, noisy)]
    assert bags[0] == bags[1]
    assert noisy["text"] != toys.WRITTEN["text"]
    assert InputNoise(share=0)(toys.WRITTEN, Context())["text"] == toys.WRITTEN["text"]


def test_held_out_queries_stay_and_no_query_becomes_empty() -> None:
    ctx = Context()
    queries = HoldOut(queries=3)(toys.CORPUS, toys.WRITTEN, Context())
    masked = InputNoise(noise="mask", share=1)(queries, ctx)
    assert masked.of_split("heldout")["text"] == queries.of_split("heldout")["text"]
    assert ctx.notes["queries with noise"] == len(queries.of_split("train"))
    assert InputNoise(noise="delete", share=1)(queries, Context())["text"] == queries["text"]


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(RecipeError, match="between 0 and 1"):
        InputNoise(share=1.5)
