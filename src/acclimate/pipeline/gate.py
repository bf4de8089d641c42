"""Gate: the adapted model must show that it is better, or the base model is the outcome."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.indexes.reranked import DEPTH as READ
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import index_of, rank
from acclimate.parts.part import Context, Labeller
from acclimate.parts.students.adapter import Adapter
from acclimate.parts.students.encoder_swap import EncoderSwap
from acclimate.parts.students.prefix import Prefix
from acclimate.parts.students.sequential import Sequential
from acclimate.parts.students.static import Static
from acclimate.pipeline.arena import Arena, arena, judge
from acclimate.pipeline.diagnosis import labels_told
from acclimate.pipeline.evidence import BASE, Evidence, Limits, by_point, decide, names
from acclimate.pipeline.points import between, searching
from acclimate.pipeline.probe import DEPTH as PROBED
from acclimate.pipeline.probe import pairs, probe
from acclimate.pipeline.shown import per_query, table
from acclimate.tables import Corpus, Queries

FEWEST = 20
"""Held-out queries below which nothing can be shown."""


CHEAP = (1.0, 0.75, 0.5, 0.25)
"""Points to try where vectors of documents stay, or come from those that are there."""
DEAR = (1.0, 0.5)
"""Points to try where each needs vectors of its own."""
WHOLE = (1.0,)
"""Points to try where the student is built otherwise than its start: none lies between."""
BUILT = (Static, EncoderSwap, Prefix, Sequential)
"""How such a student learns."""

RANKS = 100
"""Ranks of each system that are looked at; of a reranker as many as it reads."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Keep the best point between base and adapted weights, if it is significantly better.

    The teacher judges, for each held-out query, the documents that any system ranks high, but not
    the one the query was written from; its values are gains of an nDCG@10. A point is better when
    that nDCG is, alone or together with the rank of the document a query was written from (paired
    permutation tests, Holm), if those documents are not lost, and if general text is not
    forgotten. The hybrids with BM25 are shown beside. Of the
    points, the one is taken that gains most in the teacher's nDCG and in the rank of the documents
    queries were written from, together; or less of the adapted weights where less is nearly as
    good: a student copies its teacher's mistakes last.

    The point is chosen on one half of the queries and measured on the other, and the other way
    round, so that no query measures a choice it took part in.

    Origin: interpolation of weights as in Wortsman et al., Robust Fine-Tuning of Zero-Shot
            Models, CVPR 2022. https://arxiv.org/abs/2109.01903
    Code:    none followed.
    Cost:    encodes `documents` once per point, or nothing where only a head learnt; one teacher
             call per judged pair.

    Args:
        teacher: judges; None: nothing can be proved and the trained model is the outcome.
        points: weights of the adapted model to try. Never 0: that is the base. None: four where
            documents need not be encoded for each, else two.
        documents: among how many documents to compare.
        limits: what counts as better.
    """

    teacher: Labeller | None
    points: tuple[float, ...] | None = None
    documents: int = 2_000
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Refuse points that are not between base and adapted."""
        if self.points is not None and not (self.points and all(0 < p <= 1 for p in self.points)):
            raise RecipeError(f"{self!r}: points must be above 0 and at most 1.")

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Student:
        """The student with the weights to use; the verdict and its evidence are in the notes."""
        held = queries.of_split("heldout")
        moved = student.encoder.fingerprint() != student.start.fingerprint()
        if self.teacher is None or not moved or len(held) < FEWEST:
            verdict = _unmeasured(moved=moved, judged=self.teacher is not None, held=len(held))
            ctx.note("verdict", verdict)
            return student if verdict["better"] else _unchanged(student)
        where = arena(corpus, held, student, ctx, documents=self.documents)
        found = self._measure(where, student, ctx)
        decided = decide(found, self.limits, ctx.rng(self))
        ctx.note("verdict", decided.verdict)
        ctx.note("systems", table(found, decided.name))
        ctx.note("points", by_point(found))
        ctx.note("queries", per_query(found, decided.name))
        assert found.judged is not None  # noqa: S101 - measured before
        ctx.note("labels", labels_told(corpus, held, found.judged.labels))
        ctx.note("documents", len(where.rows))
        return found.students[decided.name] if decided.better else _unchanged(student)

    def _measure(self, where: Arena, student: Student, ctx: Context) -> Evidence:
        students = {BASE: _unchanged(student)}
        points = names(self.points or points_of(student))
        for name, share in points.items():
            if ctx.folder is None:
                raise RecipeError("The gate writes models. Give Context(folder=…).")
            folder = ctx.folder / f"share-{round(100 * share)}"
            students[name] = between(student, share, folder)
        texts, rows = where.corpus.contents, where.rows
        systems = {name: searching(s, texts, rows) for name, s in students.items()}
        ranked = rank(
            where.documents.contents, where.queries["text"], systems, ctx, depth=ranks_of(student)
        )
        found = {name: hits.positions for name, hits in ranked.items()}
        evidence = Evidence(where=where, students=students, found=found, points=points)
        assert self.teacher is not None  # noqa: S101 - looked at before
        judged = judge(where, evidence.shown, self.teacher, student, replace(ctx, notes={}))
        general = {n: probe(index_of(s, read=PROBED), ctx) for n, s in students.items()}
        return replace(evidence, judged=judged, general=general)


def points_of(student: Student) -> tuple[float, ...]:
    """The points that are worth trying: few where documents are encoded anew for each."""
    shape = student.shape
    if type(student.encoder) is not type(student.start) or isinstance(shape, BUILT):
        return WHOLE
    cheap = shape is not None and (shape.documents_frozen or isinstance(shape, Adapter))
    return CHEAP if cheap and student.stem is None else DEAR


def ranks_of(student: Student) -> int:
    """How many ranks are looked at: each one of a reranker costs a pair that is read."""
    models = (student.encoder, student.start)
    return READ if any(isinstance(m, CrossEncoder) for m in models) else RANKS


def pairs_read(held: int) -> int:
    """How many pairs one point of a reranker costs, with so many held-out queries."""
    return held * READ + len(pairs()) * PROBED


def _unchanged(student: Student) -> Student:
    return student.trained(student.start)


def _unmeasured(*, moved: bool, judged: bool, held: int) -> dict[str, Any]:
    better = moved and not judged
    if not moved:
        sentence = "Base model kept: no step changed the model."
    elif better:
        sentence = (
            "Adapted, and nothing is proved: the recipe has no judge. Compare the two models on "
            "queries of your own before you use it."
        )
    else:
        sentence = (
            f"Base model kept: {held} held-out queries are too few to show anything ({FEWEST} are "
            "needed). Give more documents, or let the recipe write more queries."
        )
    return {"better": better, "proved": False, "sentence": sentence, "heldout": held}
