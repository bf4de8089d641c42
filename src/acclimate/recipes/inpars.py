"""InPars: a few examples, the likeliest queries, and the student learns from them."""

from __future__ import annotations

from typing import Literal

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes.recipe import Recipe


def inpars(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    style: Literal["vanilla", "gbq"] = "vanilla",
    documents: int = 100_000,
    keep: int = 10_000,
    steps: int = 1_250,
    batch: int = 32,
    held_out: int = 200,
) -> Recipe:
    """Few-shot queries of a large language model, of which the likeliest train with BM25 negatives.

    Rows: [106].

    Paper:   Bonifacio, Abonizio, Fadaee, Nogueira, InPars: Data Augmentation for Information
             Retrieval using Large Language Models, SIGIR 2022. https://arxiv.org/abs/2202.05144
    Code:    zetaalphavector/inpars.
    Differs: the student is a retriever, where the paper trains a re-ranker on one positive and one
             negative per query; the source document is never a negative (the paper's toolkit does
             not look); `held_out` queries train nothing: the gate needs them.
    Cost:    one generation per document; with a judge about 30 judgements per held-out query.

    Args:
        writer: writes the queries.
        judge: grades held-out pairs for the gate; another model than the writer, who is kind to
            what it wrote itself. None: words and vectors of the base model.
        style: "vanilla", or "gbq" with good and bad questions.
        documents: how many are asked for a query. Paper: 100,000.
        keep: queries that stay, by log-probability. Paper: 10,000.
        steps: optimiser updates. Paper: 156 of 128 pairs; as many pairs here, twice over.
        batch: queries per update.
        held_out: queries kept for the gate.
    """
    return Recipe(
        "inpars",
        (
            generators.FewShot(writer=writer, style=style, documents=documents),
            filters.ExactDuplicates(),
            filters.Length(at_least_words=3),
            filters.CopiedText(),
            filters.LogProbTopK(keep=keep + held_out),
            filters.HoldOut(queries=held_out),
            miners.BM25(depth=1_000),
            filters.Sample(per_query=1),
            labellers.SourceIsRelevant(),
            loops.Fit(
                loss=losses.InfoNCE(temperature=0.05, in_batch=True),
                steps=steps,
                batch=batch,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=2,
            ),
        ),
        judge=graded(judge),
    )
