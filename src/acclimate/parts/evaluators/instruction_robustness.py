"""InstructionRobustness: how bad the worst of a query's instructions is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._instructed import split
from acclimate.parts.evaluators.ranked import systems_of
from acclimate.parts.evaluators.retrieval import measured, run_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Qrels, Queries, Scores


@dataclass(frozen=True, kw_only=True)
class InstructionRobustness:
    """The least nDCG over the instructions that a query comes with, and beside it their mean.

    One query is asked by many people: a doctor and a patient want different documents. Each query
    stands in several rows with the same first line and an instruction in the second (who asks, what
    for), each with judgements of its own. A model that reads over instructions is right for one of
    them at most, and the mean hides that; the least does not.

    Rows: [072].

    Paper:   InstructIR: A Benchmark for Instruction Following of Information Retrieval Models,
             2024. https://arxiv.org/abs/2402.14334
    Code:    none followed.
    Differs: the instruction stands behind the query, as for all instructed students here; the
             benchmark has it before.
    Cost:    an index per system; the documents encoded by each model once.

    Args:
        depth: k of nDCG@k. Paper: 10.

    Returns:
        Of base and adapted, for each query with an instruction that is judged, under the id of its
        first row: "Robustness@k", the least; "mean nDCG@k"; and "spread nDCG@k", highest less
        least. Rows without an instruction or a judgement are left out.
    """

    depth: int = 10

    def __post_init__(self) -> None:
        """Refuse to look at nothing."""
        if self.depth < 1:
            raise RecipeError(f"InstructionRobustness(depth={self.depth}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, qrels: Qrels, student: Student, ctx: Context
    ) -> Scores:
        """Measure the systems."""
        qrels = qrels.onto(corpus)
        of = variants(queries.where("query_id", set(qrels["query_id"])))
        asked = queries.where("query_id", {name for names in of.values() for name in names})
        ctx.note("queries", {"of one first line": len(of), "with an instruction": len(asked)})
        if not len(asked) or not len(corpus):
            return Scores.empty()
        measure = f"nDCG@{self.depth}"
        judged, rows = qrels.where("query_id", asked["query_id"]), []
        for system, index in systems_of(student).items():
            depth = min(self.depth, len(corpus))
            hits = ctx.engine.search(index, corpus.contents, asked["text"], depth=depth)
            found = measured({system: run_of(hits, corpus, asked)}, judged, (measure,))
            values = dict(zip(found["query_id"], found["value"], strict=True))
            for names in of.values():
                told = summed([values[name] for name in names], self.depth)
                rows += [(system, what, names[0], value) for what, value in told.items()]
        return Scores.columns(
            system=[row[0] for row in rows],
            measure=[row[1] for row in rows],
            query_id=[row[2] for row in rows],
            value=[row[3] for row in rows],
        )


def variants(queries: Queries) -> Mapping[str, list[str]]:
    """Ids of the queries that have an instruction, by what they ask besides it."""
    of = defaultdict(list)
    for name, text in zip(queries["query_id"], queries["text"], strict=True):
        query, instruction = split(text)
        if instruction:
            of[" ".join(query.split())].append(name)
    return of


def summed(values: list[float], depth: int = 10) -> dict[str, float]:
    """Least, mean and spread of a query's values.

    Example:
        >>> summed([0.75, 0.25])
        {'Robustness@10': 0.25, 'mean nDCG@10': 0.5, 'spread nDCG@10': 0.5}
    """
    return {
        f"Robustness@{depth}": min(values),
        f"mean nDCG@{depth}": sum(values) / len(values),
        f"spread nDCG@{depth}": max(values) - min(values),
    }
