"""enterprise: records of a house, asked for by task, each among its own sort."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Generator
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

TASKS: tuple[tuple[str, Generator], ...] = (
    ("Find the record with these values.", generators.RecordTemplates(templates=("{values}",))),
    ("Find the record with these fields.", generators.RecordTemplates(templates=("{fields}",))),
    ("Find what is called so.", generators.Titles()),
    ("Find the description.", generators.StructurePairs()),
)
"""An instruction, and what asks with it."""


def enterprise(
    *,
    judge: Ref[Scorer] | None = None,
    pool: str | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    at_most: int = 10,
    steps: int = 200,
    batch: int = 16,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Tables, fields and steps are each found by their own kind of request, by one small model.

    Systems know which record a request is of, so that nobody has to judge: requests are made of a
    record's values, fields, name and headings, behind an instruction that names the task. A record
    is asked for at most `at_most` times. What words confuse with it and is of its own sort is the
    negative; a step is never one for a table. No model but the student is needed.

    Rows: [103].

    Paper:   Multi-task retriever fine-tuning for domain-specific and efficient RAG, 2025.
             https://arxiv.org/abs/2501.04652
    Code:    none published.
    Differs: requests are templates over the records of one corpus, not those of a system's log or
             of a language model; exactly `at_most` of a frequent record stay.
    Cost:    `steps` · `batch` queries with 4 documents of training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        pool: the field that says what sort of record one is, as "type". None: its fields' names.
        queries: how many of all tasks.
        held_out: of them, kept for the gate.
        at_most: requests of one record.
        steps: optimiser updates.
        batch: queries per update.
        learning_rate: at its highest.
    """
    tasks = tuple(
        generators.TaskInstruction(generator=asks, instruction=instruction)
        for instruction, asks in TASKS
    )
    return Recipe(
        "enterprise",
        (
            generators.Mixed(tasks, queries=queries),
            filters.ExactDuplicates(),
            filters.Frequency(at_most=at_most),
            filters.HoldOut(queries=held_out),
            miners.BM25(depth=50),
            filters.SamePool(field=pool),
            labellers.SourceIsRelevant(),
            loops.Cloze(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE),
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
