"""Graded: a language model grades each candidate from 0 to 3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.models.remote.judge import expected_grade
from acclimate.parts._asking import Said, about_candidates, ask
from acclimate.parts._pairs import labelled
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

PROMPTS = ("graded", "graded_swapped")
"""Query and document, the scale from 0; document and query, the scale from 3."""


@dataclass(frozen=True, kw_only=True)
class Graded:
    """Grades of a judge: 0 nothing to do with the query, 1 related, 2 in part, 3 the answer.

    Where the server gives log-probabilities, the value is the grade to be expected, the sum of
    grade × probability: it tells two documents of one grade apart. A single document is judged
    at a time; with `swapped` it is judged once more with the document before the query and the
    scale from its top, as models lean to what they read first, and the value is the mean.

    Paper:   Upadhyay, Pradeep, Thakur, Craswell, Lin, UMBRELA: UMbrela is the (Open-Source
             Reproduction of the) Bing RELevance Assessor, 2024. https://arxiv.org/abs/2406.06519
             The expected value: Zhuang et al., Beyond Yes and No, NAACL 2024.
             https://arxiv.org/abs/2310.14122
    Code:    castorini/umbrela.
    Differs: our own wording of the scale; the expected value in place of the grade.
    Cost:    one judgement per distinct pair, or two.

    Args:
        writer: judges.
        expected: the grade to be expected, where probabilities are known; else the grade said.
        swapped: whether both orders are asked.

    Returns:
        One label per candidate, 0 to 3, in the order of the candidates; those on which the judge
        gave no verdict, in neither order, are missing.
    """

    writer: Ref[Writer]
    expected: bool = True
    swapped: bool = False

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Grade the candidates."""
        questions = about_candidates(corpus, queries, candidates)
        values = np.array(
            [
                [self._value(answers[0]) for answers in ask(self.writer, load(p), questions, ctx)]
                for p in PROMPTS[: 1 + self.swapped]
            ]
        )
        known = np.isfinite(values)
        told = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        both = known.all(axis=0)
        if self.swapped and both.any():
            away = np.abs(values[0] - values[1])[both]
            ctx.note("between both orders", {"grades on the mean": round(float(away.mean()), 3)})
        told[~known.any(axis=0)] = np.nan
        return labelled(candidates, told, repr(self.writer))

    def _value(self, said: Said) -> float:
        if self.expected:
            return expected_grade(said.text)
        return float(said.values.get("grade", np.nan))
