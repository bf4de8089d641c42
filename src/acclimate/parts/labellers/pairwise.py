"""Pairwise: a language model compares a query's first candidates, each with each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Floats, Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts._pairs import grid, labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Pairwise:
    """The share of its comparisons that a document wins, over all pairs of a query's first few.

    Models prefer what is shown first, so each pair is shown in both orders and the two verdicts
    are averaged: one that only follows the order counts as a draw. Where the server gives
    log-probabilities, a win counts by its probability.

    Rows: [002], [016].

    Paper:   Kim, Baek, Syntriever: How to Train Your Retriever with Synthetic Data from LLMs,
             NAACL Findings 2025 (all pairs of the first five). https://arxiv.org/abs/2502.03824
             Preference of a language model: Jin et al., FiGRet, 2024.
             https://arxiv.org/abs/2411.03957
    Code:    none followed.
    Differs: both orders of each pair, where the paper asks once; shares of wins, of which a loss
             may take pairs or the whole list.
    Cost:    depth × (depth − 1) judgements per query.

    Args:
        writer: compares.
        depth: candidates per query, by their rank. Paper: 5.

    Returns:
        Labels from 0 (lost all) to 1 (won all), in the order of the candidates; those below
        `depth`, and those never compared, are missing.
    """

    writer: Ref[Writer]
    depth: int = 5

    def __post_init__(self) -> None:
        """Refuse to compare fewer than two."""
        if self.depth < 2:
            raise RecipeError(f"Pairwise(depth={self.depth}) compares nothing. Give 2 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Compare the candidates."""
        asked, found = pairs(corpus, queries, candidates)
        lines = grid(asked, found)
        ranks = candidates.array("rank")
        texts, contents = queries["text"], corpus.contents
        duels: list[tuple[int, int]] = []
        for line in range(len(lines.queries)):
            rows = np.flatnonzero(lines.line == line)
            first = rows[np.argsort(ranks[rows], kind="stable")][: self.depth]
            duels += itertools.permutations(first.tolist(), 2)
        questions = [
            Question(
                data={
                    "query": texts[asked[a]],
                    "document_a": contents[found[a]],
                    "document_b": contents[found[b]],
                }
            )
            for a, b in duels
        ]
        said = ask(self.writer, load("pairwise"), questions, ctx)
        values = _shares(duels, [answers[0] for answers in said], len(candidates))
        return labelled(candidates, values, repr(self.writer))


def _shares(duels: list[tuple[int, int]], said: list[Said], count: int) -> Floats:
    """Share of each candidate's comparisons that it wins; not a number where it has none."""
    won, fought = np.zeros(count), np.zeros(count)
    for (a, b), answer in zip(duels, said, strict=True):
        if (first := _first_wins(answer)) is not None:
            won[a] += first
            won[b] += 1 - first
            fought[[a, b]] += 1
    shares = np.divide(won, fought, out=np.full(count, np.nan), where=fought > 0)
    return np.asarray(shares, dtype=np.float32)


def _first_wins(said: Said) -> float | None:
    chance = said.chance("A")
    if chance is not None:
        return chance
    better = said.values.get("better")
    return None if better is None else float(better == "A")
