"""ByKind: each kind of query has a teacher of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class ByKind:
    """Labels of several teachers, each for the queries of one kind.

    What makes a document good hangs on what is asked: for a question that it answers, for the
    end of a piece that the next follows from it, for an example that its output helps to give
    another. A teacher of each task says so in its own units, and no query has labels of two.

    Rows: [110].

    Paper:   Zhang, Xiao, Liu, Dou, Nie, Retrieve Anything To Augment Large Language Models, 2023
             (a reward for each of six tasks). https://arxiv.org/abs/2310.07554
    Code:    none followed.
    Differs: nothing known.
    Cost:    that of each labeller, for its own queries.

    Args:
        labellers: the teachers.
        kinds: the kind of query that each of them labels.

    Returns:
        Labels in the order of the candidates; none of queries of other kinds.
    """

    labellers: tuple[Labeller, ...]
    kinds: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a kind without a teacher, or with two."""
        if len(self.kinds) != len(self.labellers) or len(set(self.kinds)) != len(self.kinds):
            raise RecipeError(
                f"ByKind has {len(self.labellers)} labellers for the kinds {self.kinds}: "
                "give one for each, and each kind once."
            )

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Let each label its own."""
        made: list[Labels] = []
        notes: dict[str, Any] = {}
        for kind, labeller in zip(self.kinds, self.labellers, strict=True):
            own = replace(ctx, notes={})
            asked = queries.where("kind", [kind])
            told = (corpus, asked, candidates.following(asked), student)
            made.append(apply(labeller, told, own))
            notes[kind] = {"queries": len(asked), "labels": len(made[-1]), **own.notes}
        ctx.note("kinds", notes)
        labels = Labels.joined(made)
        place = {pair: n for n, pair in enumerate(_pairs(candidates))}
        return labels.take(np.argsort([place[pair] for pair in _pairs(labels)], kind="stable"))


def _pairs(table: Candidates | Labels) -> Iterator[tuple[str, str]]:
    return zip(table["query_id"], table["doc_id"], strict=True)
