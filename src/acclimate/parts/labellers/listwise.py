"""Listwise: a language model orders a query's candidates, window by window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Floats, Ref, Writer
from acclimate.parts._asking import Said, ask
from acclimate.parts._numbered import chosen, numbered
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Listwise:
    """The order in which a language model puts a query's candidates.

    It sees a window of them at a time, from the last to the first: what is good moves up from
    window to window. Numbers it repeats or leaves out keep the order they had.

    Paper:   Sun, Yan, Ma, Wang, Ren, Chen, Yin, Ren, Is ChatGPT Good at Search? Investigating
             Large Language Models as Re-Ranking Agents, EMNLP 2023, section 3.3.
             https://arxiv.org/abs/2304.09542
    Code:    sunnweiwei/RankGPT.
    Differs: our own wording, and an answer as JSON.
    Cost:    about candidates ÷ step judgements per query, each of `window` documents.

    Args:
        writer: orders.
        window: documents it sees at once. Paper: 20.
        step: how far a window moves up. Paper: 10.

    Returns:
        Labels in the order of the candidates: 1 for the first, 0 for the last, evenly between.
    """

    writer: Ref[Writer]
    window: int = 20
    step: int = 10

    def __post_init__(self) -> None:
        """Refuse windows between which nothing can move."""
        if not 1 <= self.step < self.window:
            raise RecipeError(
                f"Listwise(window={self.window}, step={self.step}): the step must be at least 1 "
                "and less than the window, so that what is good moves on."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Order the candidates of all queries, a window of each at a time."""
        asked, found = pairs(corpus, queries, candidates)
        ranks, texts, contents = candidates.array("rank"), queries["text"], corpus.contents
        orders = [
            rows[np.argsort(ranks[rows], kind="stable")].tolist()
            for rows in (np.flatnonzero(asked == query) for query in np.unique(asked))
        ]
        places = [windows(len(order), self.window, self.step) for order in orders]
        for turn in range(max(map(len, places), default=0)):
            taking = [n for n, place in enumerate(places) if turn < len(place)]
            questions = []
            for n in taking:
                seen = orders[n][places[n][turn]]
                shown = [contents[found[row]] for row in seen]
                questions.append(numbered(shown, query=texts[asked[seen[0]]]))
            for n, answers in zip(
                taking, ask(self.writer, load("listwise"), questions, ctx), strict=True
            ):
                part = places[n][turn]
                orders[n][part] = moved(orders[n][part], answers[0])
        return labelled(candidates, _values(orders, len(candidates)), repr(self.writer))


def windows(count: int, window: int, step: int) -> list[slice]:
    """Windows over so many documents, from the last to the first.

    Example:
        >>> [(w.start, w.stop) for w in windows(7, 4, 2)]
        [(3, 7), (1, 5), (0, 3)]
        >>> windows(1, 4, 2)
        []
    """
    found = []
    stop = count
    while stop > 1:
        found.append(slice(max(0, stop - window), stop))
        if stop <= window:
            break
        stop -= step
    return found


def moved(rows: list[int], said: Said) -> list[int]:
    """Rows in the order that was said; what it leaves out follows in the order there was."""
    wanted = chosen(said, "order", len(rows))
    rest = [n for n in range(len(rows)) if n not in set(wanted)]
    return [rows[n] for n in (*wanted, *rest)]


def _values(orders: list[list[int]], count: int) -> Floats:
    values = np.full(count, np.nan, dtype=np.float32)
    for order in orders:
        values[order] = np.linspace(1, 0, len(order)) if len(order) > 1 else 1.0
    return values
