"""ict: a sentence asks for the document it was taken out of."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import generators
from acclimate.recipes._contrast import cut_out, in_batch
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def ict(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    mask_rate: float = 0.9,
    steps: int = 200,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """The inverse cloze task: each sentence finds its document among those of the whole batch.

    Nine times in ten the document is read without the sentence, so that what it is about must lead
    to it; once it is read with it, since matching words is worth knowing too. No model but the
    student is needed.

    Rows: [080].

    Paper:   Lee, Chang, Toutanova, Latent Retrieval for Weakly Supervised Open Domain Question
             Answering, ACL 2019, section 5. https://arxiv.org/abs/1906.00300
    Code:    google-research/language, language/orqa.
    Differs: the first of the paper's two stages; the second, a reader of answers and the queries'
             encoder together, is left out (`losses.MarginalLikelihood`, `labellers.AnswerMatch`).
             Adapts an encoder that retrieves already, with small batches and a temperature; one
             encoder for both sides, and no projection.
    Cost:    `steps` · `batch` queries with a document each of training; no teacher call but the
             gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many sentences.
        held_out: of them, kept for the gate.
        mask_rate: how often a document is read without its sentence. Paper: 0.9.
        steps: optimiser updates. Paper: 100,000.
        batch: queries per update; their documents are each other's negatives. Paper: 4,096.
        learning_rate: at its highest. Paper: 1e-4.
    """
    fit = in_batch(steps=steps, batch=batch, learning_rate=learning_rate)
    return Recipe(
        "ict",
        (
            generators.InverseCloze(mask_rate=mask_rate, queries=queries),
            *cut_out(fit, held_out),
        ),
        judge=taught(judge),
    )
