"""scarlet: what each document of a context adds to an answer says what is relevant."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Part
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

SUM = NGramReader(per_token=False)
"""A likelihood is of the whole answer."""

SIZE = 5
"""Documents of a context that a language model writes about."""


def scarlet(
    *,
    writer: Ref[Writer] | None = None,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 10,
    masks: int = 64,
    steps: int = 200,
) -> Recipe:
    """Documents share a context; those whose absence costs the answer its likelihood are relevant.

    A language model is shown documents that have to do with each other, and writes a question, a
    claim, a turn of a conversation and a slot to fill, each with its answer. These documents, and
    others that words and the student find, are what a frozen reader gets together, 64 times, each
    time another half of them; a ridge regression says what each adds to the likelihood of the
    answer. The values of a list fall into three clusters: the highest is relevant, the lowest is
    not, and the middle is left out.

    Without a language model a salient span of a sentence is masked and is the answer. The document
    that the sentence is from is then left out: it knows in the very words.

    Rows: [008].

    Paper:   SCARLet: Utility-based retriever via shared-context attribution, EMNLP 2025.
             https://arxiv.org/abs/2504.00573
    Code:    the authors' release, which lacks the attribution.
    Differs: without a writer masked sentences stand for the tasks; entities that meet in a sentence
             for a knowledge graph, and what searches find beside the context for the distractors
             that the paper adds; no instruction of the task's stands before a query; tasks, size of
             a context and strength of the ridge are ours.
    Cost:    with a writer two generations per query, of which each reads 5 documents; `masks`
             readings of half a list per query; `steps` · 16 queries with 8 documents of training.

    Args:
        writer: writes inputs and outputs, and looks over them. None: sentences are masked.
        reader: says how likely an answer is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: sentences to mask, or tasks to write, four for each context.
        held_out: of them, kept for the gate.
        depth: documents each of two searches finds.
        masks: readings of each query's list. Paper: 64.
        steps: optimiser updates.
    """
    return Recipe(
        "scarlet",
        (
            *_asked(writer, queries, held_out, depth),
            labellers.PerturbationAttribution(reader=reader, masks=masks),
            labellers.OneDimensionalClusters(clusters=3),
            loops.Fit(
                loss=losses.InfoNCE(temperature=TEMPERATURE),
                steps=steps,
                batch=16,
                learning_rate=6e-5,
                warmup=max(1, steps // 10),
                candidates=8,
            ),
        ),
        judge=taught(judge),
    )


def _asked(writer: Ref[Writer] | None, queries: int, held_out: int, depth: int) -> tuple[Part, ...]:
    """What is asked, and the documents that are read with it."""
    searches = (miners.BM25(depth=depth), miners.WithStudent(depth=depth))
    cleaned = (filters.ExactDuplicates(), filters.HoldOut(queries=held_out))
    if writer is None:
        masked = generators.SalientSpanMasks(queries=queries)
        return (masked, *cleaned, miners.Union(searches), filters.WithoutSource())
    contexts = max(1, queries // len(generators.SharedContext.tasks))
    return (
        generators.SharedContext(writer=writer, documents=contexts, size=SIZE),
        *cleaned,
        miners.Union((miners.EntityNeighbours(count=SIZE - 1), *searches)),
    )
