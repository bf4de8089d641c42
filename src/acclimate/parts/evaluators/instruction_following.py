"""InstructionFollowing: whether what an instruction excludes moves down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._instructed import split
from acclimate.parts.evaluators.ranked import systems_of
from acclimate.parts.evaluators.retrieval import Run, run_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Qrels, Queries, Scores

MEASURE = "p-MRR"

ORIGINAL, CHANGED = "-og", "-changed"
"""How FollowIR's ids of a pair end: a text read from a file has no second line."""


@dataclass(frozen=True, kw_only=True)
class InstructionFollowing:
    """How far documents move that are relevant to a query and not to the same query instructed.

    A pair is a query and the same query with an instruction in a second line, both judged; or, as
    in FollowIR's files, "name-og" and "name-changed", whose instruction was changed. For each
    document that is relevant (of grade 1 or more) to the first and not to the second, with r_o and
    r_n its ranks there: r_n / r_o − 1 where it came up or stayed, else 1 − r_o / r_n. A pair's
    value is the mean over these documents: 1 is best, 0 says that the instruction was read over,
    and below 0 it did the opposite.

    Rows: [112].

    Paper:   Weller, Van Durme, Lawrie, Paranjape, Zhang, Hessel, Promptriever: Instruction-Trained
             Retrievers Can Be Prompted Like Language Models, ICLR 2025.
             https://arxiv.org/abs/2409.11136
    Code:    mteb, p-MRR.
    Differs: nothing known.
    Cost:    an index per system; the documents encoded by each model once.

    Args:
        depth: results that are looked at; what is not among them has the next rank.

    Returns:
        p-MRR of base and adapted for each pair, under the id of the query with the instruction;
        pairs of which no document flips are left out.
    """

    depth: int = 1_000

    def __post_init__(self) -> None:
        """Refuse to look at nothing."""
        if self.depth < 1:
            raise RecipeError(f"InstructionFollowing(depth={self.depth}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, qrels: Qrels, student: Student, ctx: Context
    ) -> Scores:
        """Measure the systems."""
        qrels = qrels.onto(corpus)
        pairs = [(a, b, flips) for a, b in twins(queries) if (flips := flipped(qrels, a, b))]
        ctx.note(
            "pairs", {"of one query": len(twins(queries)), "in which a document flips": len(pairs)}
        )
        if not pairs:
            return Scores.empty()
        asked = queries.where("query_id", {name for a, b, _ in pairs for name in (a, b)})
        depth = min(self.depth, len(corpus))
        rows = []
        for system, index in systems_of(student).items():
            hits = ctx.engine.search(index, corpus.contents, asked["text"], depth=depth)
            run = run_of(hits, corpus, asked)
            rows += [(system, b, p_mrr(moves(run, a, b, flips))) for a, b, flips in pairs]
        return Scores.columns(
            system=[row[0] for row in rows],
            measure=[MEASURE] * len(rows),
            query_id=[row[1] for row in rows],
            value=[row[2] for row in rows],
        )


def twins(queries: Queries) -> list[tuple[str, str]]:
    """Ids of each query and of the same one with an instruction, or with a changed one."""
    plain: dict[str, str] = {}
    for name, text in zip(queries["query_id"], queries["text"], strict=True):
        if not split(text)[1]:
            plain.setdefault(text, name)
    found = []
    for name, text in zip(queries["query_id"], queries["text"], strict=True):
        query, instruction = split(text)
        before = name.removesuffix(CHANGED) + ORIGINAL
        if name.endswith(CHANGED) and before in queries.position:
            found.append((before, name))
        elif instruction and query in plain:
            found.append((plain[query], name))
    return found


def flipped(qrels: Qrels, plain: str, instructed: str) -> list[str]:
    """Documents that are relevant to one query and not to the other, in the order of judgements."""
    grades: Mapping[str, dict[str, int]] = {plain: {}, instructed: {}}
    rows = zip(qrels["query_id"], qrels["doc_id"], qrels["grade"], strict=True)
    for query, doc, grade in rows:
        if query in grades:
            grades[query][doc] = grade
    after = grades[instructed]
    return [doc for doc, grade in grades[plain].items() if grade > 0 and after.get(doc, 0) <= 0]


def moves(run: Run, plain: str, instructed: str, docs: Iterable[str]) -> list[tuple[int, int]]:
    """Ranks of documents without and with the instruction, from 1."""
    return [(_rank(run[plain], doc), _rank(run[instructed], doc)) for doc in docs]


def _rank(found: Mapping[str, float], doc: str) -> int:
    return int(1 - found[doc]) if doc in found else len(found) + 1


def p_mrr(ranks: Iterable[tuple[int, int]]) -> float:
    """The mean over documents of how far each moved: above 0 is down, and as it should be.

    Example:
        >>> p_mrr([(2, 10)]), p_mrr([(10, 2)]), p_mrr([(5, 5)])
        (0.8, -0.8, 0.0)
    """
    told = [new / old - 1 if old >= new else 1 - old / new for old, new in ranks]
    return float(np.mean(told))
