"""ark: documents that answer, told from those about something near by, in three stages."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Miner, Part
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

RATES = (1e-5, 8e-6, 4e-6)
"""Learning rates of the three stages."""

WEIGHTS = (1.0, 0.3, 1.0)
"""Of the likelihood of the answer, of that of the question, and of the similarity."""


def ark(
    *,
    writer: Ref[Writer] | None = None,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    positives: int = 10,
    steps: int = 100,
    batch: int = 32,
) -> Recipe:
    """Masked sentences ask for what answers them, against ever nearer documents that do not.

    A document counts by how likely it makes the answer, how likely the question, and how like it
    is. The best are relevant. They are told first from other pieces of the same document, then from
    what a question about something in a wide neighbourhood finds, then from that of a narrow one.

    Rows: [105].

    Paper:   ARK: Answer-Centric Retriever Tuning via KG-augmented Curriculum Learning, 2025.
             https://arxiv.org/abs/2511.16326
    Code:    valleysprings/ARK.
    Differs: masked sentences for the questions and answers that people or a model wrote; the
             sentence's own document is left out, as it has the answer in the very words; a local
             graph of what meets in a sentence; documents are valued among those that the student
             and the neighbourhood bring, and the lowest of these are not relevant, where the paper
             values all pieces of one text and takes all that the neighbourhood brings beside the
             best; a temperature for vectors of length one.
    Cost:    two readings per query and document in each stage; 3 · `steps` · `batch` queries with
             up to 3 · `positives` documents of training. With a writer ten generations
             per query in each of two stages.

    Args:
        writer: writes questions about a neighbourhood. None: names in a query are exchanged.
        reader: says how likely a text is. A counting one by default; readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: sentences to mask.
        held_out: of them, kept for the gate.
        positives: documents of a query that are relevant; it is told from twice as many, at most.
            Paper: 10, from 20.
        steps: optimiser updates of a stage. Paper: 3, 4 and 3 epochs.
        batch: queries per update. Paper: 32.
    """
    negatives = 2 * positives
    likely = (
        labellers.ReaderLikelihood(reader=reader, target="answer"),
        labellers.ReaderLikelihood(reader=reader, target="query"),
        labellers.SelfTeacher(),
    )

    def stage(miner: Miner, rate: float) -> tuple[Part, ...]:
        return (
            miners.Union((miners.WithStudent(depth=negatives), miner)),
            filters.WithoutSource(),
            labellers.CompositeScore(labellers=likely, weights=WEIGHTS),
            labellers.TopBottom(top=positives, bottom=negatives),
            loops.Fit(
                loss=losses.MultiPositiveInfoNCE(temperature=TEMPERATURE),
                steps=steps,
                batch=batch,
                learning_rate=rate,
                warmup=max(1, steps // 10),
                candidates=positives + negatives,
            ),
        )

    easy = miners.Union(
        (miners.SameDocument(count=negatives), miners.RandomDocuments(count=negatives // 2))
    )
    large = miners.GraphNeighbours(entities=(20, 50), count=negatives, writer=writer)
    small = miners.GraphNeighbours(entities=(3, 10), count=negatives, writer=writer)
    harder: tuple[Miner, ...] = (easy, large, small)
    stages = tuple(stage(miner, rate) for miner, rate in zip(harder, RATES, strict=True))
    return Recipe(
        "ark",
        (
            generators.SalientSpanMasks(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=stages),
        ),
        judge=taught(judge),
    )
