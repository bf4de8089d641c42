"""CrossEncoderLabeler: how much better a question's own document is, as a teacher says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from haystack import component
from haystack.utils import ComponentDevice, Secret

from acclimate.models.encoders.dense import Dense
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts.labellers.score import Score
from acclimate.parts.part import apply
from haystack_integrations.components.training.acclimate._triples import Triples, triples
from haystack_integrations.components.training.acclimate._warm import HUB, Warm

TEACHER = "cross-encoder/ms-marco-MiniLM-L-6-v2"


@component
class CrossEncoderLabeler(Warm):
    """Labels each negative with its margin: teacher's score of the own document less the other's.

    Scores are raw logits, whatever activation the model was saved with. Each distinct pair is
    scored once, in batches of like length. A margin below zero says that the teacher takes the
    "negative" for the better answer: the question may be poor, or the negative no negative. Such
    labels are right to train on, and counted in `stats`.

    Usage example:
    ```python
    labeler = CrossEncoderLabeler("cross-encoder/ms-marco-MiniLM-L-6-v2")
    labels = labeler.run(negatives=negatives)["gpl_labels"]
    ```
    """

    def __init__(
        self,
        teacher: Any = TEACHER,
        *,
        student: str | None = None,
        seed: int = 0,
        device: ComponentDevice | None = None,
        token: Secret | None = HUB,
        cache_dir: str | None = None,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            teacher: hub name or folder of a cross-encoder; a scorer such as `CrossEncoder(…)`;
                or one of `acclimate.parts.labellers`.
            student: the model to be trained, for labellers that start from it.
            seed: of labellers that draw.
            device: where models work; None: a GPU where there is one.
            token: of the model hub.
            cache_dir: keeps vectors, texts and scores, for other components and later runs.
        """
        self.teacher = teacher
        self.student = student
        self.seed = seed
        self.device = device
        self.token = token
        self.cache_dir = cache_dir
        self._part = labeller(teacher)

    def _uses(self) -> Iterable[Any]:
        return (self._part,)

    @component.output_types(gpl_labels=list[dict[str, Any]], stats=dict[str, Any])
    def run(self, negatives: list[dict[str, Any]]) -> dict[str, Any]:
        """Label the negatives.

        Args:
            negatives: rows with question, pos_doc and neg_doc; what else they hold is kept.

        Returns:
            `gpl_labels`: the rows with score (the margin), pos_score and neg_score, as Python
            floats; `stats`: their number, mean, spread and share below zero.
        """
        given = triples(negatives, "Negative")
        if not given.rows:
            return {"gpl_labels": [], "stats": _told([])}
        scores = self._scores(given)
        labels = []
        for row, (query, own, other) in zip(negatives, given.rows, strict=True):
            pair = scores.get((query, own)), scores.get((query, str(other)))
            if pair[0] is None or pair[1] is None:
                continue  # a teacher that says nothing of a document
            labels.append(
                {**row, "query_id": query, "pos_doc_id": own, "neg_doc_id": other,
                 "score": pair[0] - pair[1], "pos_score": pair[0], "neg_score": pair[1]}
            )  # fmt: skip
        return {"gpl_labels": labels, "stats": _told([row["score"] for row in labels])}

    @component.output_types(gpl_labels=list[dict[str, Any]], stats=dict[str, Any])
    async def run_async(self, negatives: list[dict[str, Any]]) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.run, negatives=negatives)

    def _scores(self, given: Triples) -> dict[tuple[str, str], float]:
        student = Student(encoder=Dense(self.student) if self.student else Dense())
        things = (given.corpus, given.queries, given.candidates(), student)
        labels = apply(self._part, things, self._context())
        return {(row["query_id"], row["doc_id"]): row["value"] for row in labels.dicts()}


def labeller(teacher: Any) -> Any:
    """A labeller part from a hub name, a scorer, or itself."""
    if isinstance(teacher, str):
        return Score(teacher=CrossEncoder(teacher))
    return Score(teacher=teacher) if hasattr(teacher, "open") else teacher


def _told(margins: Sequence[float]) -> dict[str, Any]:
    if not margins:
        return {"labels": 0}
    return {
        "labels": len(margins),
        "mean margin": float(np.mean(margins)),
        "spread": float(np.std(margins)),
        "share below zero": float(np.mean(np.asarray(margins) < 0)),
    }
