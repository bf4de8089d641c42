"""llm_r: examples a language model is helped by, through a teacher that learns to foresee it."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.parts.part import Loss, Miner, Part
from acclimate.recipes._examples import examples
from acclimate.recipes._given import taught
from acclimate.recipes._rounds import refreshed
from acclimate.recipes.recipe import Recipe

_BEST, _WORST = 3, 16
"""Of 32 examples read, the best and the worst teach."""

_SHARP = 0.01
"""What cosines are divided by."""

_WIDTH = 4
"""Examples of a query in an update of the student."""


def llm_r(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 100,
    read: int = 32,
    steps: int = 200,
    rounds: int = 2,
) -> Recipe:
    """A reader says which examples help; a cross-encoder learns it, and the student learns of that.

    Documents are examples: their title is an input, their text the output. Words bring examples in
    the first round, the student in the others, and of a hundred a few are drawn. A frozen reader
    says how likely each makes the output: a cross-encoder learns to put the 3 best before the 16
    worst, then values all of them, and the student learns its distribution and, a little, to find
    its first one in the batch.

    Rows: [081].

    Paper:   Wang, Yang, Wei, LLM-R: Learning to Retrieve In-Context Examples for Large Language
             Models, EACL 2024. https://arxiv.org/abs/2307.07164
    Code:    microsoft/LMOps, llm_retriever.
    Differs: one task, so that no example is of another; the cross-encoder starts from the student's
             weights, reads the input without the output, and begins anew in each round; the
             contrastive term has the other examples of the batch, not queries among queries.
    Cost:    per round `read` readings and as many of the cross-encoder per query, and both
             trainings: `steps` / 2 · 16 queries with 8 pairs, `steps` · 16 queries with 4 examples.

    Args:
        reader: says how likely an output is, per token. A counting one by default;
            readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: inputs to ask with.
        held_out: of them, kept for the gate.
        depth: examples that are found. Paper: 100.
        read: of them, drawn and read. Paper: 32.
        steps: optimiser updates of the student in a round; half as many of the cross-encoder, as
            the paper's 6,000 and 3,000.
        rounds: how often examples are found. Paper: 2.
    """
    distilled = losses.WeightedSum(
        terms=(
            losses.KLDivergence(student_temperature=_SHARP),
            losses.ListSoftmaxCE(temperature=_SHARP, in_batch=True),
        ),
        weights=(1.0, 0.2),
        own=_WIDTH,
    )

    def fit(loss: Loss, *, updates: int, learning_rate: float, width: int) -> loops.Fit:
        return loops.Fit(
            loss=loss,
            steps=updates,
            batch=16,
            learning_rate=learning_rate,
            warmup=max(1, updates // 10),
            candidates=width,
        )

    apart = losses.MultiPositiveInfoNCE(temperature=1.0)
    both = loops.TeacherThenDistil(
        teaching=fit(apart, updates=max(1, steps // 2), learning_rate=1e-5, width=8),
        loop=fit(distilled, updates=steps, learning_rate=3e-5, width=_WIDTH),
        shape=students.Reranker(training_tokens=384),
    )

    def round_with(miner: Miner) -> tuple[Part, ...]:
        return (
            miners.RankWindow(miner=miner, skip=0, width=None, count=read),
            filters.WithoutSource(),
            labellers.ReaderLikelihood(reader=reader, target="output"),
            labellers.TopBottom(top=_BEST, bottom=_WORST),
            both,
        )

    return Recipe(
        "llm_r",
        (*examples(queries, held_out), refreshed(round_with, depth, rounds)),
        judge=taught(judge),
    )
