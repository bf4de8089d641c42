"""Rollouts: picks one after another, what they are worth, and where draws fall."""

import numpy as np
import pytest

from acclimate.parts.loops._rollouts import Padded, gains, rolled, stratified

SETS = {0: "ab", 1: "bc", 2: "ac", 3: "abc", 4: "b", 5: "c"}


def covered(wanted):
    """Worth is the share of the wanted letters that the documents hold together."""
    return lambda asked: {
        (q, rows): len(set(wanted) & set("".join(SETS[r] for r in rows))) / len(wanted)
        for q, rows in asked
    }


def luck(row):
    return np.random.default_rng(row)


def shown(rows):
    made = rolled({7: rows}, covered("abc"), None, picks=4, rollouts=1, luck=luck)
    (path,) = made.paths
    return [made.documents[s][p] for s, p in zip(path.states, path.places, strict=True)]


def test_greedy_coverage_takes_the_whole_and_stops() -> None:
    """[047]: of ab, bc, ac and abc it picks abc; of ab, b and c it picks ab and c."""
    assert shown([0, 1, 2, 3]) == [3]
    assert shown([0, 4, 5]) == [0, 5]


def test_gains_telescope() -> None:
    """[051]: .10 → .25 → .20 → .40 gains .15, −.05 and .20, together .30."""
    added = gains([0.10, 0.25, 0.20, 0.40])
    assert added == pytest.approx([0.15, -0.05, 0.20])
    assert sum(added) == pytest.approx(0.40 - 0.10)


def test_draws_lie_in_equal_parts_of_the_whole() -> None:
    """Of (.5, .3, .2) ten draws are five of the first, three of the second, two of the third."""
    chances = np.log(np.tile([0.2, 0.5, 0.3], (10, 1)))
    places = stratified(chances, np.random.default_rng(0))
    assert np.bincount(places).tolist() == [2, 5, 3]


def test_a_place_without_a_document_is_never_drawn() -> None:
    chances = np.array([[-np.inf, 0.0, -np.inf]] * 6)
    assert set(stratified(chances, np.random.default_rng(1)).tolist()) == {1}


def test_a_state_is_read_once_and_nothing_is_picked_twice() -> None:
    asked = []

    def read(states):
        asked.extend(states)
        return covered("abc")(states)

    def first(states: Padded, rng: np.random.Generator):
        del rng
        return (states.documents >= 0).argmax(axis=1)

    made = rolled({7: [0, 4, 5]}, read, first, picks=5, rollouts=3, luck=luck)
    assert len(asked) == len(set(asked)) == 3 + 2 + 1
    for path in made.paths:
        picked = [made.documents[s][p] for s, p in zip(path.states, path.places, strict=True)]
        assert picked == [0, 4, 5]
    assert made.worth(made.paths[0]) == pytest.approx([2 / 3, 2 / 3, 1])


def test_documents_of_which_nothing_is_said_are_not_picked() -> None:
    def read(states):
        return {s: v for s, v in covered("abc")(states).items() if s[1][-1] != 0}

    made = rolled({7: [0, 4]}, read, None, picks=3, rollouts=1, luck=luck)
    (path,) = made.paths
    assert [made.documents[s][p] for s, p in zip(path.states, path.places, strict=True)] == [4]
    assert rolled({7: [0]}, read, None, picks=3, rollouts=1, luck=luck).paths == []
