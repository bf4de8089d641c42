"""datatune: rows of the user's own tables become queries, by a plan."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.generators.dataset_transform import TASK
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def datatune(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    task: str = TASK,
    documents: int = 3_000,
    held_out: int = 200,
    depth: int = 50,
    steps: int = 300,
    batch: int = 32,
) -> Recipe:
    """For collections that are tables: products, tickets, parts lists, questions with answers.

    A language model sees some rows of each table, plans how a query is made of a row, and carries
    the plan out row by row; tables that do not fit the task give nothing. Queries that the base
    model cannot lead back to their row at all go. Negatives come from BM25: rows of a table are
    alike, and what tells them apart is a word or a figure.

    Rows: [065].

    Paper:   Better Synthetic Data by Retrieving and Transforming Existing Datasets (DataTune),
             2024. https://arxiv.org/abs/2404.14361
    Code:    none followed.
    Differs: the user's own tables, where the paper searches for data sets; a retriever is trained
             on what comes out, where the paper tunes a language model.
    Cost:    one generation per row and one per table; with a judge about 30 judgements per held-out
             query.

    Args:
        writer: plans and carries out.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        task: what a query is, as people of the collection would ask.
        documents: rows that are asked. Paper: 3,000.
        held_out: queries kept for the gate.
        depth: results of BM25, of which one is a negative.
        steps: optimiser updates.
        batch: queries per update.
    """
    return Recipe(
        "datatune",
        (
            generators.DatasetTransform(writer=writer, task=task, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.RoundTrip(depth=100),
            miners.BM25(depth=depth),
            filters.Sample(per_query=1),
            labellers.SourceIsRelevant(),
            loops.Fit(
                loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                steps=steps,
                batch=batch,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=2,
            ),
        ),
        judge=graded(judge),
    )
