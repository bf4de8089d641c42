"""golden_retriever: the jargon of a house, learned from where its documents explain it."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import generators
from acclimate.recipes._contrast import cut_out, in_batch
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import SENTENCE
from acclimate.recipes.recipe import Recipe


def golden_retriever(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    steps: int = 200,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """What stands around an acronym asks with its words, and the other way round.

    Documents of one house are full of short forms that no encoder knows and no user asks with. They
    say somewhere what they stand for; the student learns both forms as one. Terms and sentences
    beside them keep the other queries as they were. No model but the student is needed.

    Paper:   Golden-Retriever: High-Fidelity Agentic Retrieval Augmented Generation for Industrial
             Knowledge Base, 2024. https://arxiv.org/abs/2408.00798
    Code:    none followed.
    Differs: nothing is looked up or written when a query comes, as the paper does by a language
             model: the student learns the table, read off the documents, beforehand.
    Cost:    `steps` · `batch` queries with a document of training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many of all kinds.
        held_out: of them, kept for the gate.
        steps: optimiser updates.
        batch: queries per update; their documents are each other's negatives.
        learning_rate: at its highest.
    """
    fit = in_batch(steps=steps, batch=batch, learning_rate=learning_rate)
    return Recipe(
        "golden_retriever",
        (
            generators.Mixed(
                (
                    generators.Glossary(),
                    generators.SalientTerms(),
                    generators.InverseCloze(at_most_words=SENTENCE),
                ),
                shares=(2.0, 1.0, 1.0),
                queries=queries,
            ),
            *cut_out(fit, held_out),
        ),
        judge=taught(judge),
    )
