"""dptdr: what a frozen encoder reads before each text learns to retrieve."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._given import asked, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.contriever import contriever
from acclimate.recipes.recipe import Recipe

DEPTH = 50
"""Documents that words find for a query, and vectors likewise."""


def dptdr(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    pretraining: int = 200,
    length: int = 32,
    steps: int = 200,
    batch: int = 16,
) -> Recipe:
    """Crops make the encoder one that retrieves; then a prefix alone learns, on pooled negatives.

    First all weights learn that two crops of a document belong together. From there on they stay:
    keys and values before each text, in every layer, learn to find the document a query came from
    among those that words find and those that the encoder finds. An encoder that retrieves already
    needs no first stage: with `pretraining=0` it stays as it is, and every field it is adapted to
    is a prefix of its own.

    Rows: [091].

    Paper:   DPTDR: Deep Prompt Tuning for Dense Passage Retrieval, 2022.
             https://arxiv.org/abs/2208.11503
    Code:    tangzhy/DPTDR.
    Differs: queries are written or cut from documents; 8 documents per query in an update and not
             30, and fewer queries; negatives are pooled and not looked over by a cross-encoder; a
             temperature for vectors of length one. The prefix differs as `students.Prefix`.
    Cost:    `pretraining` · 64 pairs of crops, and `steps` · `batch` queries with 8 documents of
             training; no teacher call but the gate's.

    Args:
        writer: writes the queries. None: pieces of documents.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write, and how many crops.
        held_out: of the queries, kept for the gate.
        pretraining: updates on crops, of all weights.
        length: places of the prefix. Paper: 128 for MS MARCO, 32 for Natural Questions.
        steps: optimiser updates of the prefix. Paper: 10 epochs.
        batch: queries per update. Paper: 64.
    """
    crops = contriever(queries=queries, held_out=0, steps=max(1, pretraining), queue=0).steps
    prefix = (
        students.Prefix(length=length),
        miners.Union((miners.BM25(depth=DEPTH), miners.WithStudent(depth=DEPTH))),
        labellers.SourceIsRelevant(),
        loops.Fit(
            loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
            steps=steps,
            batch=batch,
            learning_rate=7e-3,
            warmup=max(1, steps // 10),
            candidates=8,
        ),
    )
    return Recipe(
        "dptdr",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=((crops, prefix) if pretraining else (prefix,))),
        ),
        judge=taught(judge),
    )
