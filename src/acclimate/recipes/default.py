"""default: adapts offline, with no other model than the student."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, labellers, loops, miners, students
from acclimate.recipes._given import beside
from acclimate.recipes._pieces import LOSS
from acclimate.recipes.recipe import Recipe

MAP_RATE = 2e-4
"""Learning rate of the map: its vectors do not move, so that it may."""


def default(
    *,
    writer: Ref[Writer] | None = None,
    queries: int = 5_000,
    held_out: int = 1_000,
    depth: int = 24,
    steps: int = 200,
    batch: int = 16,
    learning_rate: float = 5e-5,
    rounds: int = 1,
) -> Recipe:
    """Pieces of documents as queries, a fusion of words and vectors as teacher, the encoder learns.

    Queries of five kinds are taken from the documents and put into topics of like ones; each
    brings its topic a few documents that words or the student find for it. Words, sentence
    vectors and token vectors of the base model judge every query with every document of its
    topic but the query's own; the upper layers of the encoder learn the whole list's
    distribution, a topic at a time. Then the adapted encoder finds candidates of each query's
    own, and a map behind it learns from these. The gate ships it only if it is better.

    Origin:  GPL's steps with soft lists for margins; the choices were measured: docs/log.md.
    Code:    none published.
    Differs: nothing known.
    Cost:    encodes every document twice, and `steps` · `batch` queries with 2 to 3 documents of
             each, forward and back; documents must be encoded anew where the model is used.

    Args:
        writer: its questions are half of the queries. None: there are pieces of documents alone.
            `acclimate-offline/writer` is one that needs no hub.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: candidates of each miner, of which a query brings the best.
        steps: optimiser updates of the encoder; the map has twice as many, of milliseconds.
        batch: queries of a topic, and of an update.
        learning_rate: of the encoder, at its highest.
        rounds: of the map, each mining with the student as it then is.
    """
    teacher = labellers.Fusion()
    found = miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth)))
    by_topic = (
        miners.Topical(miner=found),
        filters.WithoutSource(),
        teacher,
        loops.Fit(
            loss=LOSS,
            steps=steps,
            batch=batch,
            learning_rate=learning_rate,
            warmup=20,
            candidates=4 * batch,
        ),
    )
    behind = (
        students.Adapter(),
        found,
        filters.WithoutSource(),
        teacher,
        loops.Fit(
            loss=LOSS,
            steps=2 * steps,
            batch=4 * batch,
            learning_rate=MAP_RATE,
            warmup=20,
            candidates=2 * depth,
        ),
    )
    return Recipe(
        "default",
        (
            students.Dense(frozen=1 / 3, training_tokens=96),
            beside(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.Topics(size=batch),
            loops.Rounds(steps=by_topic, rounds=1),
            loops.Rounds(steps=behind, rounds=rounds),
        ),
        judge=teacher,
    )
