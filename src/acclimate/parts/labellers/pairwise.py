"""Pairwise: a language model compares a query's first candidates, each with each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Integers, Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts.labellers._preferences import Aggregate, Values, aggregated, meetings
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Pairwise:
    """What a document wins of its comparisons with the others of a query's first few.

    Models prefer what is shown first, so each pair is shown in both orders and the two verdicts
    are averaged: one that only follows the order counts as a draw. Where the server gives
    log-probabilities, a win counts by its probability.

    Rows: [002], [016], [119].

    Paper:   Kim, Baek, Syntriever: How to Train Your Retriever with Synthetic Data from LLMs,
             NAACL Findings 2025 (all pairs of the first five). https://arxiv.org/abs/2502.03824
             Preference of a language model: Jin et al., FiGRet, 2024.
             https://arxiv.org/abs/2411.03957
             Cycles and models of contests: zELO, 2025. https://arxiv.org/abs/2509.12541
    Code:    none followed.
    Differs: both orders of each pair, where the papers ask once; values, of which a loss may take
             pairs or the whole list.
    Cost:    depth × (depth − 1) judgements per query, or 2 × cycles × depth.

    Args:
        writer: compares.
        depth: candidates per query, by their rank. Paper: 5. zELO: 100.
        cycles: compare neighbours on so many random cycles; None: each two. zELO: 4.
        aggregate: "shares" of comparisons won, or strengths under "bradley_terry" or "thurstone".

    Returns:
        Labels from 0 (lost all) to 1 (won all), or strengths with mean 0, in the order of the
        candidates; those below `depth`, and those never compared, are missing.
    """

    writer: Ref[Writer]
    depth: int = 5
    cycles: int | None = None
    aggregate: Aggregate = "shares"

    def __post_init__(self) -> None:
        """Refuse to compare fewer than two."""
        if self.depth < 2 or (self.cycles is not None and self.cycles < 1):
            raise RecipeError(
                f"Pairwise(depth={self.depth}, cycles={self.cycles}) compares nothing. Give a "
                "depth of 2 or more, and 1 cycle or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Compare the candidates."""
        asked, found = pairs(corpus, queries, candidates)
        texts, contents = queries["text"], corpus.contents
        firsts = self._firsts(asked, candidates.array("rank"))
        duels = self._duels(firsts, asked, queries["query_id"], ctx)
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
        values = np.full(len(candidates), np.nan, dtype=np.float32)
        for rows, wins_KK in zip(firsts, _wins(firsts, duels, said), strict=True):
            values[rows] = aggregated(wins_KK, self.aggregate)
        return labelled(candidates, values, repr(self.writer))

    def _firsts(self, asked: Integers, ranks: Integers) -> list[Integers]:
        """Rows of the first candidates of each query."""
        order = np.lexsort((ranks, asked))
        cuts = np.flatnonzero(np.diff(asked[order])) + 1
        return [rows[: self.depth] for rows in np.split(order, cuts) if len(rows)]

    def _duels(
        self, firsts: list[Integers], asked: Integers, names: list[str], ctx: Context
    ) -> list[tuple[int, int]]:
        """Rows of two candidates, in each order in which they are shown."""
        seed, duels = salt(ctx, self), []
        for rows in firsts:
            rng = rng_of(names[asked[rows[0]]], seed)
            for pair in rows[meetings(len(rows), self.cycles, rng)].tolist():
                duels += [(pair[0], pair[1]), (pair[1], pair[0])]
        return duels


def _wins(
    firsts: list[Integers], duels: list[tuple[int, int]], said: list[list[Said]]
) -> list[Values]:
    """How often each first candidate of a query was preferred to each other, (K, K) per query."""
    place = {row: (line, k) for line, rows in enumerate(firsts) for k, row in enumerate(rows)}
    wins = [np.zeros((len(rows), len(rows))) for rows in firsts]
    for (a, b), answers in zip(duels, said, strict=True):
        (line, first), (_, second) = place[a], place[b]
        if (won := _first_wins(answers[0])) is not None:
            wins[line][first, second] += won
            wins[line][second, first] += 1 - won
    return wins


def _first_wins(said: Said) -> float | None:
    chance = said.chance("A")
    if chance is not None:
        return chance
    better = said.values.get("better")
    return None if better is None else float(better == "A")
