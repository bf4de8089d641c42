"""ssp: conversations teach what belongs to a topic, before their turns ask."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

TURNS = 4
"""Turns of a conversation that ask, at most, and that are put before another."""


def ssp(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 2_000,
    held_out: int = 200,
    posttraining: int = 300,
    steps: int = 100,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """First the student learns which turns are of another session, then to find what turns ask for.

    Documents are conversations (tickets, chats) and what they are about. Post-training puts the
    first turns of one before another: the student is to tell them apart, and its vector is to stay
    what it was for the one alone. Then turns that somebody answers ask for their conversation,
    among documents that words find, and once more behind turns of another one.

    Rows: [026].

    Paper:   SSP: Self-Supervised Post-training for Conversational Search, ACL 2023.
    Code:    none followed; the authors' code for its numbers.
    Differs: post-training as `loops.TopicShift`; turns and their conversations in place of
             judgements; words find what is not relevant.
    Cost:    `posttraining` · `batch` sessions and `steps` · `batch` queries with 4 documents of
             training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: turns that ask.
        held_out: of them, kept for the gate.
        posttraining: updates on sessions. Paper: 1 or 2 epochs.
        steps: optimiser updates after it. Paper: 5 epochs.
        batch: sessions per update of the first, queries per update of the second. Paper: 64 and 32.
        learning_rate: of both, at its highest. Paper: 2e-5, then 1e-6.
    """
    return Recipe(
        "ssp",
        (
            loops.TopicShift(
                loss=losses.EmbeddingDistillation(),
                steps=posttraining,
                batch=batch,
                learning_rate=learning_rate,
                turns=TURNS,
            ),
            generators.ConversationTurns(per_document=4, turns=TURNS, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            generators.TopicShift(turns=TURNS),
            miners.BM25(depth=20),
            labellers.SourceIsRelevant(),
            loops.Cloze(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=learning_rate,
                    warmup=max(1, steps // 10),
                    candidates=4,
                )
            ),
        ),
        judge=taught(judge),
    )
