"""TaskReward: a document is worth what a reader's answer with it is worth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.errors import RecipeError, TableError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._answers import MASK, answers, check_mask
from acclimate.parts._asking import Question, ask
from acclimate.parts._numbered import numbered
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts._words import words
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class TaskReward:
    """Labels from a reader that only answers: how well it does the task with each document.

    The reader is shown one document and fills in what a mask hides in the query, or answers a query
    that comes with an answer; the reward is the F1 of the words of what it says and of what is
    right (the harmonic mean of the share of its words that are right and of the right words it
    found). Documents that must not be found, as outdated or wrong ones, lose `penalty` besides.
    Nothing of the reader is seen but its answer.

    Rows: [115].

    Paper:   Bacciu et al., RRAML: Reinforced Retrieval Augmented Machine Learning, 2023.
             https://arxiv.org/abs/2307.12798
    Code:    none followed.
    Differs: the paper names no reward; masked spans may stand for answers, so that nobody need
             write them; which documents do harm is said beforehand, not found out.
    Cost:    one generation per distinct pair.

    Args:
        writer: answers.
        harmful: ids of documents that must not be found, in one piece or in several.
        penalty: what they lose.
        mask: what stands for the answer in a query, as its generator has it.

    Returns:
        One label per candidate, in the order of the candidates; those of queries without an answer,
        and those where the reader gave none, are missing.

    Raises:
        TableError: when a harmful document is not in the corpus.
    """

    writer: Ref[Writer]
    harmful: tuple[str, ...] = ()
    penalty: float = 1.0
    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse a mask that cannot be seen, and a penalty that rewards."""
        check_mask(self, self.mask)
        if self.penalty < 0:
            raise RecipeError(f"TaskReward(penalty={self.penalty}) must be 0 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Ask with each document, and compare."""
        harms = self._harmful(corpus)
        told = answers(corpus, queries, self.mask)
        asked, found = pairs(corpus, queries, candidates)
        shown = np.array([bool(text) for text in told], dtype=bool)[asked]
        candidates, asked, found = candidates.keep(shown), asked[shown], found[shown]
        texts, contents = queries["text"], corpus.contents
        read = [
            (texts[q], contents[d]) for q, d in zip(asked.tolist(), found.tolist(), strict=True)
        ]
        values = np.array(
            [
                token_f1(text, told[q]) if text else np.nan
                for text, q in zip(self._said(read, ctx), asked.tolist(), strict=True)
            ],
            dtype=np.float32,
        )
        harm = harms[found]
        ctx.note(
            "reward",
            {"mean": round(float(np.nanmean(values)), 4) if np.isfinite(values).any() else None,
             "of harmful documents": int(harm.sum())},
        )  # fmt: skip
        return labelled(candidates, values - self.penalty * harm, repr(self.writer))

    def _said(self, pairs: list[tuple[str, str]], ctx: Context) -> list[str]:
        """What the reader says of each query with its document; "" where it says nothing."""
        said = [""] * len(pairs)
        for prompt, masked in (("fill_mask", True), ("answer", False)):
            rows = [row for row, (query, _) in enumerate(pairs) if (self.mask in query) is masked]
            questions = [self._question(*pairs[row]) for row in rows]
            told = ask(self.writer, load(prompt), questions, ctx) if rows else []
            for row, answered in zip(rows, told, strict=True):
                said[row] = answered[0].text
        return said

    def _question(self, query: str, document: str) -> Question:
        if self.mask not in query:
            return numbered([document], query=query)
        return Question(data={"query": query, "document": document}, words={"mask": self.mask})

    def _harmful(self, corpus: Corpus) -> Mask:
        """Which documents must not be found, (D,); nor must the pieces of one."""
        ids, parents, named = corpus["doc_id"], corpus["parent_id"], set(self.harmful)
        if unknown := sorted(named - {*ids, *parents}):
            raise TableError(
                f"TaskReward(harmful=…) names {unknown[0]!r}, which is no document. Give ids of "
                "documents of the corpus."
            )
        own = zip(ids, parents, strict=True)
        return np.array([not named.isdisjoint(names) for names in own], dtype=bool)


def token_f1(answer: str, truth: str) -> float:
    """The harmonic mean of precision and recall of an answer's words, each counted as often.

    Example:
        >>> token_f1("in May 1932", "1932"), token_f1("a bridge", "1932")
        (0.5, 0.0)
    """
    given, right = Counter(words(answer)), Counter(words(truth))
    shared = (given & right).total()
    return 2 * shared / (given.total() + right.total()) if shared else 0.0
