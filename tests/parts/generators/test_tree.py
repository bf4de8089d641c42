"""A tree of steps reproduces [094] by hand."""

import pytest

from acclimate.parts.generators._tree import Node, chosen, finds, uct


def test_a_node_is_worth_what_it_paid_and_how_rarely_it_was_tried() -> None:
    """[094] Q = 3, N = 4, above 10, w = 1.4: 3/4 + 1.4 √(ln 10 / 4) = 1.81220."""
    assert uct(3, 4, 10, 1.4) == pytest.approx(1.81220, abs=5e-6)


def test_what_was_never_tried_comes_first() -> None:
    """[094] the unvisited child, however well the other paid."""
    root, good, new = Node(), Node(step="good"), Node(step="new")
    root.grow([good, new])
    good.back_up(1.0)
    assert chosen(root, 1.4) is new
    new.back_up(0.0)
    assert chosen(root, 0.1) is good
    assert (root.visits, root.reward) == (2, 1.0)


def test_a_path_tells_its_steps_and_its_finds() -> None:
    root, step, found, last = Node(), Node(step="a"), Node(query="q", document=7), Node(step="b")
    root.grow([step])
    step.grow([found])
    found.grow([last])
    assert last.steps == ["a", "b"]
    assert last.documents == [7]
    assert list(finds(last)) == [(found, ["a"])]
