"""maker: rows of a table asked for by their values."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

SOFT = 0.5
"""What the counts are divided by: a record with one value more is e² as relevant."""


def maker(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 10,
    steps: int = 200,
    batch: int = 16,
    learning_rate: float = 5e-5,
) -> Recipe:
    """Requests made of the fields of records; every record counts by the values that it shares.

    For documents that are rows of a table, of a catalogue or of a knowledge base. Words and the
    student find records for each request; one that has all the values asked for is as good as the
    one it was made from. No model but the student is needed.

    Rows: [073].

    Paper:   MAKER: Multi-Grained Knowledge Retrieval for End-to-End Task-Oriented Dialog, ACL 2023.
             https://arxiv.org/abs/2305.10149
    Code:    none followed.
    Differs: requests are templates and not turns of a dialogue; no generator answers, so that
             nothing is learned from its attention; columns are not chosen.
    Cost:    two searches per query; `steps` · `batch` queries with 8 records of training.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many requests.
        held_out: of them, kept for the gate.
        depth: records that each search finds for a request. Paper: 7.
        steps: optimiser updates.
        batch: queries per update. Paper: 32.
        learning_rate: at its highest. Paper: 5e-5.
    """
    return Recipe(
        "maker",
        (
            generators.RecordTemplates(per_document=2, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            labellers.Cooccurrence(),
            loops.Fit(
                loss=losses.KLDivergence(teacher_temperature=SOFT, student_temperature=TEMPERATURE),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 10),
                candidates=8,
            ),
        ),
        judge=taught(judge),
    )
