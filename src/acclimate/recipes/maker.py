"""maker: rows of a table asked for by their values, and with a reader by where it looks."""

from __future__ import annotations

from dataclasses import replace

from acclimate.models.readers import FusionInDecoder
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Labeller, Miner, Part
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

SOFT = 0.5
"""What the counts are divided by: a record with one value more is e² as relevant."""

BEFORE = 30_000 / 48_000
"""Share of the updates before a reader teaches."""


def maker(
    *,
    reader: FusionInDecoder | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 7,
    steps: int = 200,
    batch: int = 32,
    learning_rate: float = 5e-5,
) -> Recipe:
    """Requests made of the fields of records; values teach first, a reader's attention then.

    For documents that are rows of a table, of a catalogue or of a knowledge base. Words and the
    student find records for each request; every one counts by the values that it shares with it, so
    that one with all the values asked for is as good as the one it was made from. No model but the
    student is needed. With a reader that is five eighths of the updates: then the student finds
    seven records for each request, a frozen reader has them all before it, and the student learns
    where it looks while it begins to answer.

    Rows: [073].

    Paper:   MAKER: Multi-Grained Knowledge Retrieval for End-to-End Task-Oriented Dialog, ACL 2023.
             https://arxiv.org/abs/2305.10149
    Code:    none followed.
    Differs: requests are templates and not turns of a dialogue, so that no entity of a response is
             known and the first token's attention is read; without a reader nothing is learned from
             attention, and with one the reader does not learn; columns are not chosen.
    Cost:    two searches per request, with a reader three and `depth` records read; `steps` ·
             `batch` queries with 1 + `depth` records of training.

    Args:
        reader: its attention teaches; readers.FusionInDecoder, of any T5. What it looks at of the
            request does not count. None: values alone teach.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many requests.
        held_out: of them, kept for the gate.
        depth: records that each search finds for a request. Paper: 7.
        steps: optimiser updates, of both stages.
        batch: queries per update. Paper: 32.
        learning_rate: at its highest. Paper: 5e-5.
    """

    def stage(miner: Miner, labeller: Labeller, softness: float, updates: int) -> tuple[Part, ...]:
        return (
            miner,
            labeller,
            loops.Fit(
                loss=losses.KLDivergence(
                    teacher_temperature=softness, student_temperature=TEMPERATURE
                ),
                steps=updates,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, updates // 10),
                candidates=1 + depth,
            ),
        )

    near = miners.WithStudent(depth=depth)
    found = miners.Union((miners.BM25(depth=depth), near))
    steps_of_values = steps
    looks: tuple[tuple[Part, ...], ...] = ()
    if reader is not None:
        steps_of_values = max(1, min(steps - 1, round(BEFORE * steps)))
        looked = labellers.ReaderAttention(reader=replace(reader, with_query=False))
        looks = (stage(near, looked, 1.0, max(1, steps - steps_of_values)),)
    values = stage(found, labellers.Cooccurrence(), SOFT, steps_of_values)
    return Recipe(
        "maker",
        (
            generators.RecordTemplates(per_document=2, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=(values, *looks)),
        ),
        judge=taught(judge),
    )
