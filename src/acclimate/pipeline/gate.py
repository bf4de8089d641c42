"""Gate: the adapted model must show that it is better, or the base model is the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.encoders.blend import blend
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.part import Context, Labeller
from acclimate.pipeline import evidence
from acclimate.pipeline.arena import Arena, arena, judge
from acclimate.pipeline.evidence import ADAPTED, BASE, Evidence
from acclimate.pipeline.probe import probe
from acclimate.pipeline.systems import rank
from acclimate.tables import Corpus, Queries

FEWEST = 20
"""Held-out queries below which nothing can be shown."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Keep the best point between base and adapted weights, if it is significantly better.

    The teacher judges, for each held-out query, the documents that any system ranks high; its
    values are gains of an nDCG@10. A point is better when that nDCG is (paired permutation test),
    the rank of the document a query was written from is not worse (this needs no teacher, so
    that a teacher cannot approve its own mistakes alone), and general text is not forgotten.

    The point is chosen on one half of the queries and measured on the other, and the other way
    round, so that no query measures a choice it took part in.

    Cost: encodes `documents` once per point; one teacher call per judged pair.

    Args:
        teacher: judges; None: nothing can be proved and the trained model is the outcome.
        points: weights of the adapted model to try. Never 0: that is the base.
        documents: among how many documents to compare.
        level: a difference is significant when its p is below this.
        forgets: how much of the probe's mean reciprocal rank may be lost.
    """

    teacher: Labeller | None
    points: tuple[float, ...] = (1.0, 0.75, 0.5, 0.25)
    documents: int = 2_000
    level: float = 0.05
    forgets: float = 0.05

    def __post_init__(self) -> None:
        """Refuse points that are not between base and adapted."""
        if not self.points or not all(0 < p <= 1 for p in self.points):
            raise RecipeError(f"{self!r}: points must be above 0 and at most 1.")

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Student:
        """The student with the weights to use; the verdict and its evidence are in the notes."""
        held = queries.of_split("heldout")
        trained = student.encoder.fingerprint() != student.start.fingerprint()
        if self.teacher is None or not trained or len(held) < FEWEST:
            ctx.note(
                "verdict",
                _unmeasured(trained=trained, teacher=self.teacher is not None, held=len(held)),
            )
            return student if trained and self.teacher is None else _unchanged(student)
        where = arena(corpus, held, student, ctx, documents=self.documents)
        found = self._measure(where, student, ctx)
        decided = evidence.decide(found, level=self.level, forgets=self.forgets, rng=ctx.rng(self))
        ctx.note("verdict", decided.verdict)
        ctx.note("systems", evidence.table(found, decided.name, ctx.rng(self)))
        ctx.note("points", evidence.by_point(found))
        ctx.note("queries", evidence.per_query(found, decided.name))
        ctx.note("documents", len(where.corpus))
        return (
            student.trained(found.encoders[decided.name]) if decided.better else _unchanged(student)
        )

    def _measure(self, where: Arena, student: Student, ctx: Context) -> Evidence:
        encoders = {BASE: student.start, **self._points(student, ctx)}
        texts = where.queries["text"]
        ranked = rank(where.corpus.contents, texts, encoders, ctx, hybrids=tuple(encoders))
        assert self.teacher is not None  # noqa: S101 - looked at before
        judged = judge(where, ranked, self.teacher, student, ctx, depth=10)
        general = {name: probe(encoder, ctx) for name, encoder in encoders.items()}
        return Evidence(
            where=where,
            encoders=encoders,
            ranked=ranked,
            judged=judged,
            general=general,
            shares=self._names(),
        )

    def _points(self, student: Student, ctx: Context) -> dict[str, Dense]:
        """The adapted model, and mixtures with the base, by name."""
        found: dict[str, Dense] = {}
        for name, share in self._names().items():
            if share == 1:
                found[name] = student.encoder
                continue
            if ctx.folder is None:
                raise RecipeError("The gate needs a folder for the mixtures of weights.")
            folder = ctx.folder / f"share-{round(100 * share)}"
            found[name] = blend(student.start, student.encoder, share, folder)
        return found

    def _names(self) -> dict[str, float]:
        return {ADAPTED if p == 1 else f"{ADAPTED} {p:.0%}": p for p in self.points}


def _unchanged(student: Student) -> Student:
    return student.trained(student.start)


def _unmeasured(*, trained: bool, teacher: bool, held: int) -> dict[str, Any]:
    if not trained:
        better, sentence = False, "Base model kept: no step trained the model."
    elif not teacher:
        better = True
        sentence = (
            "Adapted, and nothing is proved: the recipe has no judge. Compare the two "
            "models on queries of your own before you use it."
        )
    else:
        better = False
        sentence = (
            f"Base model kept: {held} held-out queries are too few to show anything "
            f"({FEWEST} are needed). More documents or more queries are needed."
        )
    return {"better": better, "proved": False, "sentence": sentence, "heldout": held}
