"""doc_rerank_text: a reranker learns from questions that a document nearly answers."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes.recipe import Recipe


def doc_rerank_text(
    *,
    writer: Ref[Writer] = LOCAL,
    checker: Ref[Writer] | None = None,
    judge: Ref[Writer] | None = None,
    documents: int = 2_000,
    held_out: int = 200,
    variants: int = 4,
    steps: int = 300,
    batch: int = 16,
) -> Recipe:
    """Negatives are questions, not documents: alike in form, and not answered by the document.

    A question is written for each document, and kept if a second look finds it answered. Variants
    of it that ask for something else become negatives where two prompts both find them
    unanswered. Half of all are said in other words. Give a cross-encoder as the student.

    Rows: [031].

    Paper:   DocReRank: Single-Page Hard-Negative Query Generation, 2025.
             https://arxiv.org/abs/2505.22584
    Code:    none followed.
    Differs: documents of text, where the paper reads pages as pictures; the other candidate of
             each question, from BM25, is asked about like its source; half of the variants are said
             in other words too; all weights learn.
    Cost:    per document 1 generation, 1 judgement, `variants` generations, half a generation for
             other words, and 4 judgements for each question and variant.

    Args:
        writer: writes questions, variants and other words.
        checker: says whether a document answers a question; another model than the writer, if
            there is one. None: the writer.
        judge: grades held-out pairs for the gate; neither the writer nor the checker. None: words
            and vectors of the embedded model.
        documents: how many are asked for a question.
        held_out: questions kept for the gate.
        variants: questions like it that a document should not answer. Paper: 12, 3 of them kept.
        steps: optimiser updates.
        batch: questions per update.
    """
    looks = checker or writer
    return Recipe(
        "doc_rerank_text",
        (
            students.Reranker(training_tokens=256),
            generators.FewShot(writer=writer, documents=documents),
            filters.JudgeFilter(writer=looks),
            filters.HoldOut(queries=held_out),
            generators.HardNegativeQueries(writer=writer, variants=variants),
            generators.Paraphrases(writer=writer, share=0.5),
            miners.BM25(depth=2),
            filters.Sample(per_query=1),
            labellers.Answerability(writer=looks),
            loops.Fit(
                loss=losses.TrueFalse(),
                steps=steps,
                batch=batch,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=2,
            ),
        ),
        judge=graded(judge, encoder=Dense()),
    )
