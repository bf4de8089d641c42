"""Mined lists: a question's own passage first, then those that could be mistaken for it."""

import numpy as np
import pytest

from train.data import Passage, Question
from train.mining import FILE, Lists, mined

pytestmark = pytest.mark.integration


def test_the_own_passage_is_first_and_the_others_fall_in_value(pairs, base, tmp_path):
    lists = mined(pairs.train, base.model, tmp_path, depth=6, width=5)
    assert len(lists) == sum(len(p.questions) for p in pairs.train)
    own = [row for row, p in enumerate(pairs.train) for _ in p.questions]
    assert lists.rows[:, 0].tolist() == own
    assert lists.rows.shape == (len(own), 5)
    texts = [p.content for p in pairs.train]
    answers = [q.answer for p in pairs.train for q in p.questions]
    for rows, values, answer in zip(lists.rows, lists.values, answers, strict=True):
        others = values[1:][rows[1:] >= 0]
        assert len(set(rows[rows >= 0])) == (rows >= 0).sum()
        assert (np.diff(others) <= 0).all()
        # One that is far better than the own passage, or holds the answer, might answer too.
        assert (others <= 1.1 * values[0] + 1e-6).all()
        assert not any(answer in texts[row] for row in rows[1:] if row >= 0)
    assert lists.known.size > 0


def test_passages_of_another_pool_are_never_shown(base, tmp_path):
    wiki = [_about("pump", "boolq"), _about("motor", "boolq"), _about("pump and motor", "boolq")]
    tales = [_about("pump", "fairytaleqa-val"), _about("valve", "fairytaleqa-val")]
    lists = mined([*wiki, *tales], base.model, tmp_path, slack=10.0)
    assert set(lists.rows[:3].flatten().tolist()) <= {-1, 0, 1, 2}
    assert set(lists.rows[3:].flatten().tolist()) <= {-1, 3, 4}


def test_lists_are_found_again_and_made_anew_for_other_settings(pairs, base, tmp_path):
    few = pairs.train[:6]
    mined(few, base.model, tmp_path, width=3)
    made = (tmp_path / FILE).stat().st_mtime_ns
    mined(few, base.model, tmp_path, width=3)
    assert (tmp_path / FILE).stat().st_mtime_ns == made
    assert mined(few, base.model, tmp_path, width=4).rows.shape[1] == 4
    assert not (tmp_path / "engine").exists()


def test_a_split_shows_no_held_out_passage_to_the_others():
    rows = np.array([[0, 2, 1], [1, 2, -1], [2, 0, 1], [0, 1, 2]])
    lists = Lists(list("abcd"), ["x", "y", "z"], rows, np.zeros((4, 3), np.float32))
    train, held = lists.split(2)
    assert train.questions == ["a", "b", "d"]
    assert train.rows.tolist() == [[0, -1, 1], [1, -1, -1], [0, 1, -1]]
    assert train.known.tolist() == [0, 2]
    assert held.questions == ["c"]
    assert held.rows.tolist() == [[2, 0, 1]]


def _about(thing: str, source: str) -> Passage:
    text = f"The {thing} is made of steel."
    return Passage(
        title="", text=text, source=source, questions=(Question(text=f"what is the {thing}?"),)
    )
