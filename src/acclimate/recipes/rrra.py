"""RRRA: an adapter learns which documents are false negatives, and these count less."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.parts.part import Loss
from acclimate.recipes._given import asked, rated, read, taught, told
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

WIDTH = 16
"""Documents of a query in an update, its source among them."""


def rrra(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 100,
    gamma: float = 1.0,
    steps: int = 200,
    batch: int = 16,
) -> Recipe:
    """A trained student is frozen; an adapter learns its errors; training goes on with doubts.

    First the student learns to find the source among what words bring. Then, on documents about
    as close to a query as its source, and random ones, an adapter behind the frozen vectors
    learns which of them are relevant to the teacher though nobody named them. With its
    probabilities as doubts the student is trained further, and an adapter of its new vectors is
    kept, with which `indexes.AdapterReranked` puts results in order.

    Rows: [025].

    Paper:   RRRA: Resampling and Reranking through a Retriever Adapter, 2025.
             https://arxiv.org/abs/2508.11670
    Code:    none published.
    Differs: queries are written or cut from documents, their sources stand for judgements, and a
             teacher's values for the gold list; the adapter does not learn on with the student,
             but anew from what became of it.
    Cost:    one encoding of the documents; one teacher call per candidate; the adapter's seconds;
             2 · `steps` · `batch` queries with 16 documents of training.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        teacher: tells what is relevant though not named, and judges for the gate. None: words and
            vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents that are found, of which some as close as the source are drawn.
        gamma: how much a doubt counts.
        steps: optimiser updates of each of the two trainings.
        batch: queries per update.
    """

    def fit(loss: Loss) -> loops.Fit:
        return loops.Fit(
            loss=loss,
            steps=steps,
            batch=batch,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=WIDTH,
        )

    labeller = taught(teacher)
    first = (
        miners.BM25(depth=WIDTH - 1),
        labellers.SourceIsRelevant(),
        read(fit(losses.ListSoftmaxCE(temperature=TEMPERATURE, in_batch=True)), writer),
    )
    return Recipe(
        "rrra",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=(first,)),
            miners.Union(
                (
                    miners.SimANS(
                        miner=rated(miners.WithStudent(depth=depth), writer), count=WIDTH
                    ),
                    miners.RandomDocuments(count=WIDTH // 2),
                )
            ),
            told(labeller, writer),
            read(
                loops.FalseNegativeAdapter(
                    loop=fit(losses.ReweightedInfoNCE(temperature=TEMPERATURE, gamma=gamma)),
                    norm=losses.SegmentNorm(),
                    reranks=True,
                ),
                writer,
            ),
        ),
        judge=labeller,
    )
