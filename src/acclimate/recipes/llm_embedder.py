"""llm_embedder: one student for several things that a language model is helped by."""

from __future__ import annotations

from collections.abc import Mapping

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses
from acclimate.parts.labellers import ReaderLikelihood
from acclimate.parts.part import Generator, Miner, Part
from acclimate.recipes._given import taught
from acclimate.recipes._rounds import refreshed
from acclimate.recipes.recipe import Recipe

_TASKS: Mapping[str, tuple[str, Generator]] = {
    "salient_mask": ("Find what fills the gap.", generators.SalientSpanMasks()),
    "next_chunk": ("Find what helps to go on with this text.", generators.NextChunk()),
    "title_cloze": ("Find similar texts.", generators.Titles()),
}
"""Instruction and source of the queries of each kind."""

_SHARP = 0.01
"""What the cosines are divided by."""


def llm_embedder(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 16,
    steps: int = 200,
    batch: int = 16,
    rounds: int = 2,
) -> Recipe:
    """Gaps to fill, texts to go on with and headings to write under, each by its own reward.

    Three tasks over one corpus, told apart by an instruction: a sentence with a masked name, date
    or number; the end of a piece; a heading. A frozen reader says how likely each document that is
    found makes what belongs there. Queries whose documents it finds alike are left out; an update
    is of one task, and the student picks the documents one after the other in the reader's order,
    as far as the reader is sure of it.

    Rows: [110].

    Paper:   Zhang, Xiao, Liu, Dou, Nie, Retrieve Anything To Augment Large Language Models, 2023.
             https://arxiv.org/abs/2310.07554
    Code:    FlagOpen/FlagEmbedding, research/llm_embedder.
    Differs: three tasks that any corpus has for the paper's six, all by the stable distillation
             (the paper's contrastive tasks need labels, and two use plain KL); documents have no
             instruction; a list is a query's own, without those of the batch.
    Cost:    per round `depth` readings per query, and `steps` · `batch` queries with 8 documents of
             training.

    Args:
        reader: says how likely a text is, per token. A counting one by default;
            readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many of all tasks.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read.
        steps: optimiser updates of a round. Paper: 10,000 in all.
        batch: queries per update, all of one task. Paper: 800.
        rounds: how often documents are found: by words first, by the student then.
    """
    tasks = tuple(
        generators.TaskInstruction(generator=asks, instruction=instruction)
        for instruction, asks in _TASKS.values()
    )
    rewards = (
        ReaderLikelihood(reader=reader, target="answer"),
        ReaderLikelihood(reader=reader, target="source"),
        ReaderLikelihood(reader=reader, target="output"),
    )

    def round_with(miner: Miner) -> tuple[Part, ...]:
        return (
            miner,
            filters.WithoutSource(),
            labellers.ByKind(labellers=rewards, kinds=tuple(_TASKS)),
            filters.TeacherSpread(at_least=0.1),
            filters.HomogeneousBatches(size=batch),
            loops.Fit(
                loss=losses.SequentialListwise(student_temperature=_SHARP),
                steps=steps,
                batch=batch,
                learning_rate=5e-6,
                warmup=max(1, steps // 5),
                candidates=8,
            ),
        )

    return Recipe(
        "llm_embedder",
        (
            generators.Mixed(tasks, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            refreshed(round_with, depth, rounds),
        ),
        judge=taught(judge),
    )
