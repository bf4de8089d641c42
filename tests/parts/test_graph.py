"""Graph: entities that meet, and what is near them. [105]"""

import numpy as np
import pytest

from acclimate.parts._graph import EntityGraph, gap, pagerank

STAR = [{1: 1.0, 2: 1.0}, {0: 1.0}, {0: 1.0}]
TEXTS = [
    "Ada Lovelace wrote to Charles Babbage.",
    "Charles Babbage built an engine in London.",
    "An engine has gears of brass.",
    "Gears of brass wear out.",
]


def solved(edges: list[dict[int, float]], seeds: list[int], damping: float) -> np.ndarray:
    """PageRank as the solution of p = (1 − d) s + d Wᵀ p."""
    size = len(edges)
    walk, begin = np.zeros((size, size)), np.zeros(size)
    begin[seeds] = 1 / len(seeds)
    for node, out in enumerate(edges):
        for other, weight in out.items():
            walk[node, other] = weight / sum(out.values())
        if not out:
            walk[node] = begin
    return np.linalg.solve(np.eye(size) - damping * walk.T, (1 - damping) * begin)


def test_a_star_seeded_in_its_middle() -> None:
    """[105]: damping .85: seed .5405, leaves .2297."""
    found = pagerank(STAR, [0], damping=0.85, tolerance=1e-9)
    assert [found[node] for node in range(3)] == pytest.approx([0.5405, 0.2297, 0.2297], abs=5e-5)


def test_damping_is_the_chance_to_go_on_and_not_that_to_begin_anew() -> None:
    """[105]: with the other meaning, .15 to go on, the seed would have .8696 of the time."""
    found = pagerank(STAR, [0], damping=0.15, tolerance=1e-9)
    assert found[0] == pytest.approx(1 / 1.15, abs=1e-6)


@pytest.mark.parametrize("seeds", [[0], [3], [1, 4]])
def test_the_walk_from_the_seeds_finds_what_solving_finds(seeds: list[int]) -> None:
    edges = [{1: 2.0, 2: 1.0}, {0: 2.0, 3: 1.0}, {0: 1.0}, {1: 1.0, 4: 3.0}, {3: 3.0}, {}]
    found = pagerank(edges, seeds, tolerance=1e-10)
    whole = solved(edges, seeds, 0.85)
    assert [found.get(node, 0.0) for node in range(6)] == pytest.approx(whole.tolist(), abs=1e-6)


def test_a_walk_that_cannot_go_on_begins_anew() -> None:
    found = pagerank([{1: 1.0}, {}], [0], tolerance=1e-10)
    assert sum(found.values()) == pytest.approx(1.0)
    assert found == pytest.approx(dict(enumerate(solved([{1: 1.0}, {}], [0], 0.85))), abs=1e-6)


def test_the_cut_is_at_the_widest_gap() -> None:
    """[105]: between −log .3 and −log .02; within 2 and 4."""
    values = [0.5, 0.4, 0.3, 0.02, 0.01]
    assert gap(values, fewest=2, most=4) == 3
    assert gap(values, fewest=4, most=9) == 4
    assert gap(values, fewest=1, most=2) == 2
    assert gap(values, fewest=9, most=20) == 5


def test_entities_are_names_and_rare_words() -> None:
    graph = EntityGraph(TEXTS)
    assert graph.entities("what did Ada Lovelace want of an engine or a horse") == [
        "ada lovelace",
        "engine",
    ]


def test_a_name_is_exchanged_for_a_name_and_a_number_for_a_number() -> None:
    graph = EntityGraph([*TEXTS, "In 1843 Ada Lovelace wrote of an engine."])
    names = ("ada lovelace", "1843", "engine")
    assert [graph.sort_of(name) for name in names] == ["name", "number", "word"]


def test_what_meets_in_a_sentence_is_near() -> None:
    graph = EntityGraph(TEXTS)
    assert graph.near(["Ada Lovelace"], fewest=2, most=2) == ["charles babbage"]
    near = graph.near(["Ada Lovelace"], fewest=6, most=6)
    assert near.index("engine") < near.index("gears")
    assert "ada lovelace" not in near


def test_what_stands_nowhere_has_no_neighbours() -> None:
    assert EntityGraph(TEXTS).near(["Grace Hopper"], fewest=2, most=9) == []
    assert EntityGraph([]).near(["Ada Lovelace"], fewest=2, most=9) == []
