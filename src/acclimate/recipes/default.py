"""default: adapts offline, with no other model than the student."""

from __future__ import annotations

from typing import Literal

from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.parts.part import Part
from acclimate.recipes.recipe import Recipe

TEMPERATURE = 0.05
"""Of teacher and student: both speak in cosines, and a twentieth of one is a clear difference."""

RATES = {"adapter": 2e-4, "query": 1e-4, "all": 3e-5}
SHAPES: dict[str, Part] = {
    "adapter": students.Adapter(), "query": students.QuerySide(), "all": students.Dense(),
}  # fmt: skip


def default(
    *,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 24,
    steps: int = 400,
    batch: int = 64,
    rounds: int = 2,
    learns: Literal["adapter", "query", "all"] = "adapter",
) -> Recipe:
    """Pieces of documents as queries, a fusion of words and vectors as teacher, an adapter learns.

    Queries of five kinds are taken from the documents; each looks for other documents than its
    own by words, by the student and by chance; words, sentence vectors and token vectors of the
    base model judge them together; the student learns the whole list's distribution; a second
    round mines with the student of the first; the gate ships it only if it is better.

    Origin:  GPL's steps with soft lists for margins; the choices were measured: docs/log.md.
    Code:    none published.
    Differs: nothing known.
    Cost:    encodes every document once and twice `queries` short texts; training takes seconds
             for an adapter, minutes where the encoder learns.

    Args:
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: candidates of each miner.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: mining with the student as it then is.
        learns: "adapter": a linear map behind the encoder; "query": the query encoder;
            "all": the encoder.
    """
    kinds = generators.Mixed(
        (
            generators.Fragments(),
            generators.SalientTerms(),
            generators.InverseCloze(),
            generators.LeadSentences(),
            generators.Titles(),
        ),
        queries=queries,
    )
    teacher = labellers.Fusion()
    one_round = (
        miners.Union((
            miners.BM25(depth=depth),
            miners.WithStudent(depth=depth),
            miners.RandomDocuments(count=depth // 2),
        )),
        filters.WithoutSource(),
        teacher,
        loops.Fit(
            loss=losses.KLDivergence(
                teacher_temperature=TEMPERATURE, student_temperature=TEMPERATURE
            ),
            steps=steps,
            batch=batch,
            learning_rate=RATES[learns],
            warmup=20,
            candidates=2 * depth + depth // 2,
        ),
    )  # fmt: skip
    return Recipe(
        "default",
        (
            SHAPES[learns],
            kinds,
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=teacher,
    )
