"""contriever: two crops of one document belong together."""

from __future__ import annotations

from dataclasses import replace

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import generators, loops, losses
from acclimate.parts.part import Trainer
from acclimate.recipes._contrast import cut_out, in_batch
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe

MOMENTUM = 0.99
"""Of the copy that encodes documents: over a few hundred updates it is to follow."""

KEPT = 16
"""Batches of documents that are kept, where no number is given."""


def contriever(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    steps: int = 200,
    batch: int = 64,
    queue: int | None = None,
    learning_rate: float = 2e-5,
    temperature: float = 0.05,
) -> Recipe:
    """Independent crops: a run of words finds another run of the same document among very many.

    A tenth of the query's words is deleted. The others are crops of the updates before, in a queue
    that a slow copy of the student filled (`loops.MomentumContrast`). No model but the student is
    needed.

    Rows: [098].

    Paper:   Izacard, Caron, Hosseini, Riedel, Bojanowski, Joulin, Grave, Unsupervised Dense
             Information Retrieval with Contrastive Learning, TMLR 2022.
             https://arxiv.org/abs/2112.09118
    Code:    facebookresearch/contriever; with `queue=0` its variant with negatives of the batch.
    Differs: adapts an encoder that retrieves already, in few updates: the queue begins empty and is
             short, as corpora are small, and the copy follows quickly (momentum 0.99; the paper's
             0.9995 would leave it where it began); noise in queries alone; several processes
             share an update only with `queue=0`.
    Cost:    `steps` · `batch` pairs of crops of training. With a queue, only the query of a pair is
             carried back, and a second student is in memory. No teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many crops.
        held_out: of them, kept for the gate.
        steps: optimiser updates. Paper: 500,000.
        batch: pairs per update. Paper: 2,048.
        queue: crops of earlier updates that are kept, a multiple of `batch`. None: those of 16
            updates. 0: none are, and the other crops of the batch are the negatives. Paper:
            131,072.
        learning_rate: at its highest. Paper: 5e-5.
        temperature: divides the cosines. Paper: 0.05.
    """
    fit = in_batch(steps=steps, batch=batch, learning_rate=learning_rate, temperature=temperature)
    loop: Trainer = fit
    if queue != 0:
        loop = loops.MomentumContrast(
            loop=replace(fit, loss=losses.InfoNCE(temperature=temperature)),
            queue=KEPT * batch if queue is None else queue,
            momentum=MOMENTUM,
        )
    return Recipe(
        "contriever",
        (
            generators.RandomCrops(queries=queries),
            *cut_out(loop, held_out),
        ),
        judge=taught(judge),
    )
