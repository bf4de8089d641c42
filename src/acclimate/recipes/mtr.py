"""mtr: one retriever for several tasks, and what it confuses itself as negatives."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Miner, Part
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import SENTENCE, TEMPERATURE
from acclimate.recipes.recipe import Recipe


def mtr(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    temperature: float = 2.0,
    depth: int = 10,
    steps: int = 150,
    batch: int = 16,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Questions, claims, names and fields ask in turn; a batch is of one of them.

    Four tasks over one corpus: to answer (questions around phrases), to check (sentences), to link
    (titles), to fill in (headings, links and fields). The smaller ones get more than their share.
    In a first round BM25 confuses; in a second what the student itself ranks high and is not the
    document is added. For one model behind several uses.

    Rows: [075].

    Paper:   Maillard et al., Multi-task Retrieval for Knowledge-Intensive Tasks, ACL 2021.
             https://arxiv.org/abs/2101.00117
    Code:    none followed.
    Differs: tasks made of the documents for the eight of KILT; their mixture is not the paper's,
             which is not known here; one encoder of queries and documents.
    Cost:    2 · `steps` · `batch` queries with 3 documents of training; no teacher call but the
             gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many of all tasks, before they are mixed.
        held_out: of them, kept for the gate.
        temperature: of the mixture: 1 by size, higher more alike.
        depth: documents that each search confuses a query with.
        steps: optimiser updates of a round.
        batch: queries per update, all of one task.
        learning_rate: at its highest. DPR: 2e-5.
    """

    def one_round(miner: Miner) -> tuple[Part, ...]:
        return (
            miner,
            labellers.SourceIsRelevant(),
            loops.Cloze(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=learning_rate,
                    warmup=max(1, steps // 10),
                    candidates=3,
                )
            ),
        )

    words = miners.BM25(depth=depth)
    both = miners.Union((words, miners.WithStudent(depth=depth)))
    return Recipe(
        "mtr",
        (
            generators.Mixed(
                (
                    generators.SpanQuestions(),
                    generators.InverseCloze(at_most_words=SENTENCE),
                    generators.Titles(),
                    generators.StructurePairs(),
                ),
                queries=queries,
            ),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.TemperatureMix(temperature=temperature),
            filters.HomogeneousBatches(size=batch),
            loops.Staged(stages=(one_round(words), one_round(both))),
        ),
        judge=taught(judge),
    )
