"""LikeLog: a mixture of generated queries that resembles what people ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats
from acclimate.parts._words import length_words, words
from acclimate.parts.generators._language import QUESTIONS, Languages, function_words
from acclimate.parts.generators.fragments import Fragments
from acclimate.parts.generators.inverse_cloze import InverseCloze
from acclimate.parts.generators.mixed import Mixed
from acclimate.parts.generators.salient_terms import SalientTerms
from acclimate.parts.generators.span_questions import SpanQuestions
from acclimate.parts.part import Context, Generator, apply
from acclimate.tables import Corpus, Queries

_LENGTHS = (2, 3, 4, 6, 9, 13, 21)
_FUNCTION_SHARES = (0.01, 0.2, 0.4)
_TOWARDS_EQUAL = 0.1
_ENOUGH = 20
_ASKS = frozenset(
    shape.split()[0] for shapes in QUESTIONS.values() for shape in shapes if shape[0] != "{"
) | {"who", "when", "where", "can", "does", "is", "are", "do", "should", "wer", "wann", "wo"}


@dataclass(frozen=True)
class LikeLog:
    """People's queries, and generated ones mixed so that they look like them.

    Each generator writes a sample. The shares are those whose mixture comes closest to the log in
    the histograms of length, of function words and of questions: non-negative least squares, held
    a little towards equal shares. With fewer than 20 queries in the log the shares are equal.

    Origin: own.
    Code:   none published.
    Differs: nothing known.
    Cost:   that of the generators, and a sample of 500 queries of each.

    Args:
        members: the generators.
        queries: how many to generate. None: as many as the scarcest share allows.
        sample: how many of each generator are compared with the log.

    Returns:
        The log's queries, of kind "log" where they have none, then the generated ones.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> found = LikeLog(queries=10)(toys.CORPUS, toys.QUERIES, Context())
        >>> found["kind"].count("human"), len(found)
        (6, 16)
    """

    members: tuple[Generator, ...] = (
        SalientTerms(), SpanQuestions(), Fragments(), InverseCloze(),
    )  # fmt: skip
    _: KW_ONLY
    queries: int | None = None
    sample: int = 500

    def __post_init__(self) -> None:
        """Refuse to mix nothing."""
        if not self.members or self.sample < 1:
            raise RecipeError(
                "LikeLog needs members, a tuple of generators, and a sample of 1 or "
                f"more; there are {len(self.members)} and {self.sample}."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Write the queries that resemble the log's."""
        shares = self._shares(corpus, queries, ctx)
        inner = replace(ctx, notes={})
        mixed = Mixed(self.members, shares=shares, queries=self.queries)(corpus, inner)
        for name, note in inner.notes.items():
            ctx.note(name, note)
        ctx.note(
            "shares",
            {
                f"{place}: {type(member).__name__}": round(share, 3)
                for place, (member, share) in enumerate(zip(self.members, shares, strict=True), 1)
            },
        )
        rows = [{**row, "kind": row["kind"] or "log"} for row in queries.dicts()]
        taken = set(queries["query_id"])
        return Queries.of([*rows, *(r for r in mixed.dicts() if r["query_id"] not in taken)])

    def _shares(self, corpus: Corpus, log: Queries, ctx: Context) -> tuple[float, ...]:
        if len(log) < _ENOUGH:
            return (1.0,) * len(self.members)
        samples = []
        for member in self.members:
            unbounded: Any = member if getattr(member, "queries", 0) is None else None
            some = replace(unbounded, queries=self.sample) if unbounded is not None else member
            written: Queries = apply(some, (corpus,), replace(ctx, notes={}))
            samples.append(written.head(self.sample)["text"])
        return shares_like(log["text"], samples)


def shares_like(log: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Shares of the samples whose mixture looks most like the log; a sample without texts gets 0.

    Example:
        >>> keywords, questions = ["brake pads rubber"] * 9, ["how do I mend a flat tyre"] * 9
        >>> [round(s, 1) for s in shares_like(["why does my bike make noise"], (keywords, questions))]
        [0.0, 1.0]
    """  # noqa: E501
    from scipy.optimize import nnls

    there = [place for place, texts in enumerate(samples) if texts]
    if not there:
        return (1.0,) * len(samples)
    stop = function_words(Languages(log).only or "en")
    wanted = _looks(log, stop)
    columns = np.stack([_looks(samples[place], stop) for place in there], axis=1)
    held = _TOWARDS_EQUAL * np.eye(len(there))
    weights, _ = nnls(
        np.concatenate([columns, held]),
        np.concatenate([wanted, held.sum(axis=0) / len(there)]),
    )
    shares = np.zeros(len(samples))
    shares[there] = weights / weights.sum()
    return tuple(round(float(share), 4) for share in shares)


def _looks(texts: Sequence[str], stop: frozenset[str]) -> Floats:
    """Histograms of texts' lengths, function words and questions, each of sum 1."""
    lengths, shares, asks = [], [], []
    for text in texts:
        own = words(text)
        lengths.append(length_words(text))
        shares.append(sum(w in stop for w in own) / max(1, len(own)))
        asks.append(bool(own) and own[0] in _ASKS)
    return np.concatenate(
        [
            _histogram(np.digitize(lengths, _LENGTHS), len(_LENGTHS) + 1),
            _histogram(np.digitize(shares, _FUNCTION_SHARES), len(_FUNCTION_SHARES) + 1),
            _histogram(np.asarray(asks, dtype=np.int64), 2),
        ]
    )


def _histogram(bins: np.ndarray[Any, Any], size: int) -> Floats:
    counts = np.bincount(bins, minlength=size)
    return np.asarray(counts / max(1, counts.sum()), dtype=np.float32)
