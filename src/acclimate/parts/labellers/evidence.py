"""Evidence: a language model copies what answers a query from a document, and grades it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.models.remote.judge import expected_grade
from acclimate.parts._answers import Held
from acclimate.parts._asking import Said, about_candidates, ask
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Grades, 0 to 3, of the piece of each document that does most to answer the query.

    A judge that reads a whole document grades its subject; one that first has to copy the piece
    that answers grades the answer. What it copied can be looked up: a grade above 0 for words that
    do not stand in the document, one after the other, is made up and gives no label.

    Where the server gives log-probabilities, the value is the grade to be expected, as of
    `labellers.Graded`.

    Rows: [079].

    Paper:   ARL2: Aligning Retrievers for Black-box Large Language Models via Self-guided Adaptive
             Relevance Labeling, ACL 2024. https://arxiv.org/abs/2402.13542
    Code:    none published.
    Differs: prompt and scale are our choice, and that evidence is looked up in the document: the
             paper's text was not at hand.
    Cost:    one judgement per distinct pair, of a sentence.

    Args:
        writer: copies and grades.
        expected: the grade to be expected, where probabilities are known; else the grade said.

    Returns:
        One label per candidate, 0 to 3, in the order of the candidates; those without a verdict,
        or whose evidence is made up, are missing.
    """

    writer: Ref[Writer]
    expected: bool = True

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Grade the candidates."""
        questions = about_candidates(corpus, queries, candidates)
        said = ask(self.writer, load("evidence"), questions, ctx)
        _, found = pairs(corpus, queries, candidates)
        held, told = (
            Held(corpus.contents),
            Counter({"found": 0, "none": 0, "made up": 0, "no verdict": 0}),
        )
        values = [
            self._value(answers[0], row, held, told)
            for answers, row in zip(said, found.tolist(), strict=True)
        ]
        ctx.note("evidence", dict(told))
        return labelled(candidates, np.array(values, dtype=np.float32), repr(self.writer))

    def _value(self, said: Said, row: int, held: Held, told: Counter[str]) -> float:
        """The value of a document, and a count of why it is that."""
        grade = said.values.get("grade")
        if grade is None:
            told["no verdict"] += 1
            return float("nan")
        if grade > 0 and not held.of(row, str(said.values.get("evidence", ""))):
            told["made up"] += 1
            return float("nan")
        told["found" if grade > 0 else "none"] += 1
        return expected_grade(said.text) if self.expected else float(grade)
