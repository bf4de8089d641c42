"""meq: questions around phrases, and those that differ from them by a word."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

RATE = 1e-5
"""The paper's learning rate."""


def meq(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 20,
    steps: int = 200,
    question_steps: int = 40,
    batch: int = 32,
) -> Recipe:
    """First a question and its document; then a question and its near misses.

    Questions of one shape differ by the phrase they are about, so that near misses are found among
    them. For domains where a word decides: a part number, a drug, a paragraph. No model but the
    student is needed; with a language model, near misses are those whose answers differ.

    Rows: [053].

    Paper:   Zhang, Yu, Zhao, Jiang, Exploring Contrast Consistency of Open-Domain Question
             Answering Systems on Minimally Edited Questions, TACL 2023.
             https://arxiv.org/abs/2305.14441
    Code:    ytyz1307zzh/Minimally_Edited_Questions.
    Differs: questions of templates for questions of people; the loss of questions comes after that
             of documents, and is not added to it; a temperature for vectors of length one.
    Cost:    `steps` · `batch` queries with 2 documents of training, then `question_steps` · `batch`
             with up to 5 questions; no teacher call but the gate's. With a writer one generation
             per question that has a near miss.

    Args:
        writer: answers near misses, so that those with one answer are told. None: questions of
            other documents have other answers.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many questions.
        held_out: of them, kept for the gate.
        depth: documents that BM25 brings.
        steps: optimiser updates on documents. Paper: 40 epochs.
        question_steps: optimiser updates on questions.
        batch: queries per update. Paper: 64.
    """

    def fit(loss: losses.InfoNCE | losses.QuerySideContrastive, count: int, each: int) -> loops.Fit:
        return loops.Fit(
            loss=loss,
            steps=count,
            batch=batch,
            learning_rate=RATE,
            warmup=max(1, count // 10),
            candidates=each,
        )

    differ = () if writer is None else (filters.AnswerDiffers(writer=writer),)
    return Recipe(
        "meq",
        (
            generators.SpanQuestions(per_document=3, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            *differ,
            miners.BM25(depth=depth),
            labellers.SourceIsRelevant(),
            loops.QuestionContrast(
                loop=fit(losses.InfoNCE(temperature=TEMPERATURE, in_batch=True), steps, 2),
                questions=fit(
                    losses.QuerySideContrastive(temperature=TEMPERATURE, in_batch=True),
                    question_steps,
                    5,
                ),
            ),
        ),
        judge=taught(judge),
    )
