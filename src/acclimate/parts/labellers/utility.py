"""Utility: of the relevant documents, those that help a language model to its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Integers, Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._numbered import chosen, numbered
from acclimate.parts._pairs import grid, labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, eq=False)
class _Pool:
    """What a query is asked about, and what has come out.

    Args:
        query: its text.
        documents: texts of the candidates, in the order of chance in which they are shown.
        cells: rows of these candidates.
        kept: places of those that are still in it.
        answer: the answer from them.
        silent: whether there was no verdict.
    """

    query: str
    documents: tuple[str, ...]
    cells: tuple[int, ...]
    kept: tuple[int, ...] = ()
    answer: str = ""
    silent: bool = False

    @property
    def shown(self) -> list[str]:
        """The documents that are still in it."""
        return [self.documents[place] for place in self.kept]


@dataclass(frozen=True, kw_only=True)
class Utility:
    """1 for documents of use for the answer, 0 for the others that were looked at.

    A document can have to do with a query and still not help to answer it. So a language model
    picks the relevant ones of a query's candidates, shown side by side; writes an answer from
    these; and picks those that were of use for that answer, or puts them in order of use, of which
    the first are kept. Several documents of a query may be of use: `losses.InfoNCE` asks that one
    of them scores high (several="any"), which bears wrong labels.

    Rows: [001].

    Paper:   Leveraging LLMs for Utility-Focused Annotation, 2025; later Utility-Focused LLM
             Annotation, EMNLP 2025. https://arxiv.org/abs/2504.05220
    Code:    none followed.
    Differs: our own wording; the share that is kept is of the documents looked at.
    Cost:    three generations per query, of at most `pool` documents each.

    Args:
        writer: selects, answers and ranks.
        pool: candidates looked at, by rank, the source in any case. Paper: 16.
        choose: "rank": the first of an order of use. "select": those that were named.
        keep: share of the pool that is of use, one at least, where they are ranked. Paper: 0.1.

    Returns:
        Labels of 1 and 0, in the order of the candidates; those outside the pool, and of queries
        on which there was no verdict, are missing.
    """

    writer: Ref[Writer]
    pool: int = 16
    choose: Literal["rank", "select"] = "rank"
    keep: float = 0.1

    def __post_init__(self) -> None:
        """Refuse to look at nothing, or to keep nothing."""
        if self.pool < 1 or not 0 < self.keep <= 1:
            raise RecipeError(
                f"Utility(pool={self.pool}, keep={self.keep}): give a pool of 1 or more, and a "
                "share above 0 and at most 1."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        told = self._pools(corpus, queries, candidates, ctx)
        told = self._step("select_relevant", told, ctx, self._relevant)
        told = self._step("answer", told, ctx, self._answered)
        ranks = self.choose == "rank"
        told = self._step("rank_useful" if ranks else "select_useful", told, ctx, self._useful)
        values = np.full(len(candidates), np.nan, dtype=np.float32)
        for pool in told:
            if not pool.silent:
                values[list(pool.cells)] = 0
                values[[pool.cells[place] for place in pool.kept]] = 1
        ctx.note(
            "utility",
            {"queries": len(told), "without a useful document": sum(not p.kept for p in told),
             "no verdict": sum(p.silent for p in told)},
        )  # fmt: skip
        return labelled(candidates, values, repr(self.writer))

    def _pools(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> list[_Pool]:
        asked, found = pairs(corpus, queries, candidates)
        ranks = np.where(candidates.array("is_source"), -1, candidates.array("rank"))
        names, texts, contents = queries["query_id"], queries["text"], corpus.contents
        cells, seed = grid(asked, np.arange(len(asked))), salt(ctx, self)
        pools = []
        for query, line in zip(cells.queries.tolist(), cells.documents, strict=True):
            rows: Integers = line[line >= 0]
            rows = rows[np.argsort(ranks[rows], kind="stable")][: self.pool]
            rows = rng_of(names[query], seed).permutation(rows)  # the source is not the first
            shown = tuple(contents[found[row]] for row in rows)
            everything = tuple(range(len(rows)))
            pools.append(_Pool(texts[query], shown, tuple(rows.tolist()), everything))
        return pools

    def _step(
        self,
        prompt: str,
        pools: list[_Pool],
        ctx: Context,
        then: Callable[[_Pool, Said], _Pool],
    ) -> list[_Pool]:
        """Ask about the pools in which something is left."""
        going = [row for row, pool in enumerate(pools) if pool.kept and not pool.silent]
        questions = [self._question(pools[row]) for row in going]
        done = list(pools)
        said = ask(self.writer, load(prompt), questions, ctx)
        for row, answers in zip(going, said, strict=True):
            done[row] = then(pools[row], answers[0])
        return done

    @staticmethod
    def _question(pool: _Pool) -> Question:
        answer = {"answer": pool.answer} if pool.answer else {}
        return numbered(pool.shown, query=pool.query, **answer)

    @staticmethod
    def _relevant(pool: _Pool, said: Said) -> _Pool:
        return _kept(pool, chosen(said, "numbers", len(pool.kept)), said)

    @staticmethod
    def _answered(pool: _Pool, said: Said) -> _Pool:
        return replace(pool, answer=said.text, silent=not said.text)

    def _useful(self, pool: _Pool, said: Said) -> _Pool:
        named = chosen(said, "numbers", len(pool.kept))
        if self.choose == "rank":
            named = named[: max(1, int(self.keep * len(pool.documents)))]
        return _kept(pool, named, said)


def _kept(pool: _Pool, named: list[int], said: Said) -> _Pool:
    """What was named of what is still in a pool."""
    return replace(pool, kept=tuple(pool.kept[n] for n in named), silent=not said.text)
