"""splade_domain: a sparse encoder gets lower layers that know the domain."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, labellers, loops, losses, students
from acclimate.parts.part import Part
from acclimate.recipes._pieces import pieces
from acclimate.recipes.recipe import Recipe


def splade_domain(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 2_000,
    held_out: int = 500,
    layers: int = 2,
    steps: int = 2_000,
    batch: int = 32,
    learning_rate: float = 5e-5,
) -> Recipe:
    """A copy learns to tell hidden words of the documents; its lower layers go under the student.

    For a sparse encoder that was trained elsewhere. What it learned of retrieval stays in its upper
    layers; no query, no label and no other model is needed.

    Rows: [097].

    Paper:   Braga et al., Simple Domain Adaptation for Sparse Retrievers, ECIR 2024.
             https://arxiv.org/abs/2401.11509
    Code:    none followed.
    Differs: the copy begins at the sparse encoder itself, not at the language model that it was
             made of, so that no training on the source is needed; the output layer is the
             embeddings, and changes with them.
    Cost:    `steps` · `batch` documents of training; no teacher call but the gate's, where there
             is one.

    Args:
        judge: scores held-out pairs for the gate. None: no gate, and nothing is proved: the
            offline judge needs vectors, which a sparse encoder does not give.
        queries: how many to cut from documents, for the judge.
        held_out: of them, what the gate asks.
        layers: how many are taken from the copy, and the embeddings. Paper: about 2 is best.
        steps: optimiser updates.
        batch: documents per update.
        learning_rate: at its highest.
    """
    swap = loops.LayerSwap(
        loop=loops.MaskedLanguage(
            loss=losses.MaskedLM(),
            steps=steps,
            batch=batch,
            learning_rate=learning_rate,
            warmup=max(1, steps // 10),
        ),
        layers=layers,
    )
    asked: tuple[Part, ...] = (
        pieces(queries), filters.ExactDuplicates(), filters.HoldOut(queries=held_out)
    )  # fmt: skip
    return Recipe(
        "splade_domain",
        (students.Sparse(), *(asked if judge is not None else ()), swap),
        judge=None if judge is None else labellers.Score(teacher=judge),
    )
