"""reasonir: questions that take reasoning, of many lengths, and negatives from rank 20 on."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import drafters, filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def reasonir(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    documents: int = 5_000,
    held_out: int = 200,
    skip: int = 20,
    depth: int = 100,
    steps: int = 300,
    batch: int = 32,
) -> Recipe:
    """The student learns to find documents whose idea answers a question, and not their words.

    A language model writes questions from concrete situations, short ones and long ones. Those
    that speak of their document or copy it go. One negative comes from BM25's results behind the
    first few, where fewer documents answer the question after all; another is written: it looks
    like the answer and is none. What is written teaches, and is never found.

    Rows: [010].

    Paper:   ReasonIR: Training Retrievers for Reasoning Tasks, 2025.
             https://arxiv.org/abs/2504.20595
    Code:    facebookresearch/ReasonIR.
    Differs: no public data is mixed in; documents are not chosen by quality (put
             `filters.DocumentQuality` before it); bidirectional encoders of any size in place of a
             language model of 8B.
    Cost:    two generations per document; with a judge about 30 judgements per held-out query.

    Args:
        writer: writes the questions and the negatives.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a question.
        held_out: questions kept for the gate.
        skip: results of BM25 from which no negative is taken. Paper: 20.
        depth: results of BM25 in all.
        steps: optimiser updates.
        batch: questions per update.
    """
    return Recipe(
        "reasonir",
        (
            generators.ReasoningQueries(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.SelfReference(),
            filters.CopiedText(at_most_share=0.5),
            filters.HoldOut(queries=held_out),
            drafters.SyntheticPassages(writer=writer, kinds=("distractor",)),
            miners.RankWindow(miner=miners.BM25(depth=depth), skip=skip, width=None, count=1),
            labellers.SourceIsRelevant(),
            loops.WithDrafts(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=3,
                )
            ),
        ),
        judge=graded(judge),
    )
