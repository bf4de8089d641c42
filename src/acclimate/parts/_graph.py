"""Graph: what the documents speak of, joined where they speak of it in one sentence."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Literal

from acclimate.parts._names import salient
from acclimate.parts._words import normal, sentences, unspaced, words

Sort = Literal["number", "name", "word"]
Edges = Sequence[Mapping[int, float]]
"""The neighbours of each node, with how often they meet."""

DAMPING = 0.85
_SHORTEST = 3
_FEW, _SHARE = 5, 0.02
_IN_A_SENTENCE = 12


class EntityGraph:
    """Names and rare words of some texts, with an edge between two that meet in a sentence.

    An entity is a run of words with capitals or digits, or a word that stands in two texts or more
    and in few, in any language: at most 2 % of the texts, or 5. No parser and no model is asked.

    Args:
        texts: the documents; `told` has the entities of each, names first.

    Example:
        >>> graph = EntityGraph(["Ada Lovelace met Mr Babbage.", "Mr Babbage built an engine.",
        ...                      "An engine has gears."])
        >>> graph.near(["met Ada Lovelace"], fewest=3, most=3)
        ['mr babbage', 'engine']
    """

    def __init__(self, texts: Sequence[str]) -> None:
        having = Counter(word for text in texts for word in set(words(text)))
        most = max(_FEW, int(_SHARE * len(texts)))
        self._rare = frozenset(
            word
            for word, count in having.items()
            if 2 <= count <= most and (len(word) >= _SHORTEST or unspaced(word))
        )
        self._common = frozenset(word for word, count in having.items() if count > most)
        self._nodes: dict[str, int] = {}
        self._named: set[str] = set()
        edges: defaultdict[int, dict[int, float]] = defaultdict(dict)
        self.told: list[list[str]] = []
        for text in texts:
            names, rare = [], []
            for start, end in sentences(text):
                found = self._found(text[start:end])
                names += found[0]
                rare += found[1]
                told = list(dict.fromkeys([*found[0], *found[1]]))[:_IN_A_SENTENCE]
                nodes = [self._nodes.setdefault(name, len(self._nodes)) for name in told]
                for a, b in combinations(nodes, 2):
                    edges[a][b] = edges[a].get(b, 0.0) + 1.0
                    edges[b][a] = edges[b].get(a, 0.0) + 1.0
            self._named.update(names)
            self.told.append(list(dict.fromkeys([*names, *rare])))
        self.names = list(self._nodes)
        self._edges = [edges[node] for node in range(len(self.names))]

    @cached_property
    def having(self) -> Mapping[str, list[int]]:
        """The rows of the texts that have each entity."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, names in enumerate(self.told):
            for name in names:
                rows[name].append(row)
        return rows

    def hop(self, names: Iterable[str]) -> dict[str, float]:
        """Where a walk is that begins at some entities and then takes one step, or none.

        It begins at each alike, and in half of the cases it goes on to a neighbour, by the weight
        of the edge; where there is none it stays.

        Args:
            names: entities of the graph.

        Returns:
            The chance to be at each entity that can be reached.

        Example:
            >>> EntityGraph(["Ada Lovelace met Mr Babbage."]).hop(["ada lovelace"])
            {'ada lovelace': 0.5, 'mr babbage': 0.5}
        """
        begins = list(dict.fromkeys(names))
        chances: dict[str, float] = defaultdict(float)
        for name in begins:
            chances[name] += 0.5 / len(begins)
            node = self._nodes.get(name)
            out = self._edges[node] if node is not None else {}
            steps = {self.names[other]: weight for other, weight in out.items()} or {name: 1.0}
            total = sum(steps.values())
            for other, weight in steps.items():
                chances[other] += 0.5 / len(begins) * weight / total
        return dict(chances)

    def entities(self, text: str) -> list[str]:
        """The entities of a text in small letters, each once: names in order, then rare words."""
        names, rare = self._found(text)
        return list(dict.fromkeys([*names, *rare]))

    def _found(self, text: str) -> tuple[list[str], list[str]]:
        """Names and numbers of a text, and its rare words; a common word is no name."""
        told = (normal(text[a:b]) for a, b in salient(text, self._common))
        names = [name for name in told if len(name) >= _SHORTEST or unspaced(name)]
        inside = {word for name in names for word in name.split()}
        return names, [word for word in words(text) if word in self._rare and word not in inside]

    def sort_of(self, name: str) -> Sort:
        """What can stand in its place: another number, another name, another word."""
        if any(c.isdigit() for c in name):
            return "number"
        return "name" if name in self._named else "word"

    def near(self, texts: Sequence[str], *, fewest: int, most: int) -> list[str]:
        """The entities nearest to those of some texts, these left out, nearest first.

        The nearest by personalised PageRank, as many as come before the widest gap among the
        `fewest` to `most` first, those of the texts counted.
        """
        told = dict.fromkeys(name for text in texts for name in self.entities(text))
        seeds = [self._nodes[name] for name in told if name in self._nodes]
        if not seeds:
            return []
        rank = pagerank(self._edges, seeds)
        order = sorted(rank, key=lambda node: (-rank[node], node))
        kept = order[: gap([rank[node] for node in order], fewest, most)]
        asked = set(seeds)
        return [self.names[node] for node in kept if node not in asked]


def pagerank(
    edges: Edges, seeds: Sequence[int], *, damping: float = DAMPING, tolerance: float = 1e-4
) -> dict[int, float]:
    """Personalised PageRank: how often a walk that begins anew at the seeds is at each node.

    A walk goes on with probability `damping` to a neighbour, by the weight of the edge, and else,
    or where there is none, back to a seed. Computed from the seeds outwards (Andersen, Chung, Lang,
    FOCS 2006), so that the work does not grow with the graph.

    Args:
        edges: of each node.
        seeds: nodes where a walk begins, all alike.
        damping: as in networkx; 1 − damping is the chance to begin anew.
        tolerance: what a node may hold back, for each of its neighbours.

    Example:
        >>> star = [{1: 1.0, 2: 1.0}, {0: 1.0}, {0: 1.0}]
        >>> [round(p, 4) for _, p in sorted(pagerank(star, [0], tolerance=1e-9).items())]
        [0.5405, 0.2297, 0.2297]
    """
    begins = 1.0 / len(seeds)
    held = dict.fromkeys(seeds, begins)
    rank: dict[int, float] = defaultdict(float)
    waiting = deque(held)
    while waiting:
        node = waiting.popleft()
        mass, out = held[node], edges[node]
        if mass <= tolerance * max(1, len(out)):
            continue
        held[node] = 0.0
        rank[node] += (1 - damping) * mass
        total = sum(out.values())
        shares = {other: weight / total for other, weight in out.items()}
        for other, share in (shares or dict.fromkeys(seeds, begins)).items():
            before = held.get(other, 0.0)
            held[other] = before + damping * mass * share
            bar = tolerance * max(1, len(edges[other]))
            if before <= bar < held[other]:
                waiting.append(other)
    return dict(rank)


def gap(values: Sequence[float], fewest: int, most: int) -> int:
    """How many of some falling values come before the widest gap between their logarithms.

    Args:
        values: above 0.
        fewest: so many are kept, if there are.
        most: no more are kept.

    Example:
        >>> gap([0.5, 0.4, 0.3, 0.02, 0.01], fewest=2, most=4)
        3
    """
    counts = range(fewest, min(most, len(values) - 1) + 1)
    return max(
        counts,
        key=lambda count: math.log(values[count - 1]) - math.log(values[count]),
        default=min(most, len(values)),
    )
