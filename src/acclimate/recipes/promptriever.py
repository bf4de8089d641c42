"""promptriever: queries that say what else they want, and documents that ignore it."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import drafters, filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes.recipe import Recipe


def promptriever(
    *,
    writer: Ref[Writer] = LOCAL,
    checker: Ref[Writer] | None = None,
    judge: Ref[Writer] | None = None,
    documents: int = 2_000,
    held_out: int = 200,
    negatives: int = 3,
    steps: int = 300,
    batch: int = 32,
) -> Recipe:
    """The student learns to read an instruction behind the query, and stays good without one.

    For each query a language model writes an instruction that the query's document meets; a
    document that meets both; and some that answer the query and break the instruction. A second
    look keeps those that are what they were meant to be. Queries without and with instructions
    learn side by side, with negatives of BM25. `evaluators.InstructionFollowing` measures it.

    Rows: [112].

    Paper:   Weller, Van Durme, Lawrie, Paranjape, Zhang, Hessel, Promptriever: Instruction-Trained
             Retrievers Can Be Prompted Like Language Models, ICLR 2025.
             https://arxiv.org/abs/2409.11136
    Code:    orionw/promptriever.
    Differs: queries are written, where the paper has MS MARCO's; an encoder of any size whose
             weights all learn, where the paper has a language model of 7B with adapters; the
             judge may be the writer.
    Cost:    one generation per document, then per query 2 + `negatives` generations and
             1 + `negatives` judgements.

    Args:
        writer: writes queries, instructions and documents.
        checker: says whether a written document meets query and instruction; another model than
            the writer, if there is one. None: the writer.
        judge: grades held-out pairs for the gate; neither the writer nor the checker. None: words
            and vectors of the base model.
        documents: how many are asked for a query.
        held_out: queries kept for the gate; they have no instruction.
        negatives: documents that break an instruction, and BM25's, for each query. Paper: 3.
        steps: optimiser updates. Paper: 1 epoch.
        batch: queries per update.
    """
    return Recipe(
        "promptriever",
        (
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            generators.Instructions(writer=writer),
            drafters.InstructionNegatives(writer=writer, each=negatives),
            filters.SelfVerification(writer=checker or writer, check="all", on_fail="drop"),
            miners.BM25(depth=10 * negatives),
            filters.Sample(per_query=negatives),
            labellers.SourceIsRelevant(),
            loops.WithDrafts(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=0.01, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=2 + 2 * negatives,
                )
            ),
        ),
        judge=graded(judge),
    )
