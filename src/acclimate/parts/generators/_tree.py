"""A tree of steps towards an answer, searched where it has paid or was looked at least."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(eq=False)
class Node:
    """A partial solution.

    Args:
        step: what it adds to its parent; "" for the root and for a document that was found.
        query: what was searched for; "" where nothing was.
        document: row of the document found; -1: none.
        parent: what it goes on from.
        children: what goes on from it.
        visits: how often a solution was tried below it.
        reward: of these, how many came to the right answer.
    """

    step: str = ""
    query: str = ""
    document: int = -1
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    visits: int = 0
    reward: float = 0.0

    @property
    def path(self) -> list[Node]:
        """From the root to here."""
        return [*(self.parent.path if self.parent else ()), self]

    @property
    def steps(self) -> list[str]:
        """The steps so far."""
        return [node.step for node in self.path if node.step]

    @property
    def documents(self) -> list[int]:
        """Rows of the documents found so far."""
        return [node.document for node in self.path if node.document >= 0]

    def grow(self, children: list[Node]) -> None:
        """What may come next."""
        for child in children:
            child.parent = self
        self.children += children

    def back_up(self, reward: float) -> None:
        """Tell all above what came of it."""
        for node in self.path:
            node.visits += 1
            node.reward += reward


def uct(reward: float, visits: int, above: int, weight: float) -> float:
    """How much a node deserves to be looked at: what it paid, and how rarely it was tried.

    Example:
        >>> round(uct(3, 4, 10, 1.4), 4)
        1.8122
        >>> uct(0, 0, 10, 1.4)
        inf
    """
    if not visits:
        return math.inf
    return reward / visits + weight * math.sqrt(math.log(above) / visits)


def chosen(root: Node, weight: float) -> Node:
    """The leaf to go on from; of equals the first."""
    node = root
    while node.children:
        above = node.visits
        node = max(node.children, key=lambda n: uct(n.reward, n.visits, max(above, 1), weight))
    return node


def finds(node: Node) -> Iterator[tuple[Node, list[str]]]:
    """The nodes of a path that found a document, each with the steps before it."""
    for place in node.path:
        if place.document >= 0:
            yield place, place.steps
