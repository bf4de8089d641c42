"""Focused: the best matches of a question, and of what was found for it. [054]"""

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import Focused, LateInteraction
from acclimate.models.indexes.focused import focused

SLANT = [0.6, 0.8]
VECTORS = {
    "q": [[1, 0], [0, 1]],
    "q [SEP] c": [[1, 0], [0, 1], [0.6, 0.8], [1, 0]],
    "right": [[1, 0]],
    "up": [[0, 1]],
    "slant": [SLANT],
    "nothing": np.zeros((0, 2)),
}
DOCUMENTS = ["right", "up", "slant", "nothing"]


def test_the_value_of_flipr() -> None:
    """[054]: .9 and .8 of the question, .7 of the context: 2.4; all of both: 2.85."""
    found = np.array([[0.9, 0.1, 0.8, 0.2, 0.7, 0.1, 0.05]]).T
    assert focused(found, 4, 2, 1) == pytest.approx([0.9 + 0.8 + 0.7])
    assert focused(found, 4, 32, 8) == pytest.approx([2.85])
    assert focused(found, 4, 2, 0) == pytest.approx([1.7])


def test_where_all_tokens_count_it_orders_as_late_interaction_does(table) -> None:
    """[054]: top-k(all) equals ColBERT; the sum over two tokens, not their mean."""
    engine, every = table(VECTORS), np.arange(4)[None]
    plain = LateInteraction(Dense()).build(DOCUMENTS, engine).rate(["q"], every)
    whole = Focused(Dense()).build(DOCUMENTS, engine).rate(["q"], every)
    assert np.allclose(whole.scores, 2 * plain.scores)


def test_one_part_of_a_question_is_enough_and_the_context_counts_by_itself(table) -> None:
    """ "q" alone, one token: right and up are at 1, slant at .8. The context's best is added."""
    index = Focused(Dense(), tokens=1, context_tokens=1).build(DOCUMENTS, table(VECTORS))
    hits = index.rate(["q", "q [SEP] c"], np.tile(np.arange(4), (2, 1)))
    assert np.allclose(hits.scores[0], [1, 1, 0.8, -1])
    assert np.allclose(hits.scores[1], [1 + 1, 1 + 0.8, 0.8 + 1, -2])


def test_it_searches_what_it_rates_and_leaves_empty_cells(table) -> None:
    index = Focused(Dense(), tokens=1).build(DOCUMENTS, table(VECTORS))
    hits = index.search(["q"], 3)
    assert hits.positions.tolist() == [[0, 1, 2]]
    assert np.allclose(hits.scores, [[1, 1, 0.8]])
    assert index.rate(["q"], np.array([[2, -1]])).scores[0, 1] == -np.inf
    assert index.search([], 3).positions.shape == (0, 3)


@pytest.mark.parametrize(
    "settings",
    [{"tokens": 0}, {"context_tokens": -1}, {"separator": ""}],
    ids=lambda s: next(iter(s)),
)
def test_settings_under_which_nothing_counts_are_refused(settings) -> None:
    with pytest.raises(ModelError):
        Focused(Dense(), **settings)
