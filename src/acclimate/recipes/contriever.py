"""contriever: two crops of one document belong together."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import generators
from acclimate.recipes._contrast import cut_out, in_batch
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def contriever(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    steps: int = 200,
    batch: int = 64,
    learning_rate: float = 2e-5,
    temperature: float = 0.05,
) -> Recipe:
    """Independent crops: a run of words finds another run of the same document in the batch.

    A tenth of the query's words is deleted. No model but the student is needed.

    Paper:   Izacard, Caron, Hosseini, Riedel, Bojanowski, Joulin, Grave, Unsupervised Dense
             Information Retrieval with Contrastive Learning, TMLR 2022.
             https://arxiv.org/abs/2112.09118
    Code:    facebookresearch/contriever, its variant with negatives of the batch.
    Differs: no queue of earlier crops and no slow copy of the encoder: the other crops of the batch
             are the negatives; adapts an encoder that retrieves already; noise in queries alone.
    Cost:    `steps` · `batch` pairs of crops of training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many crops.
        held_out: of them, kept for the gate.
        steps: optimiser updates. Paper: 500,000.
        batch: pairs per update. Paper: 2,048 and a queue of 131,072.
        learning_rate: at its highest. Paper: 5e-5.
        temperature: divides the cosines. Paper: 0.05.
    """
    fit = in_batch(steps=steps, batch=batch, learning_rate=learning_rate, temperature=temperature)
    return Recipe(
        "contriever",
        (
            generators.RandomCrops(queries=queries),
            *cut_out(fit, held_out),
        ),
        judge=taught(judge),
    )
