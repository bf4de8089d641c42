"""baleen_hops: documents that are found only with what another one says."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

_SHARED_WORDS = 5
"""A document that repeats more of a query in a row is the one whose sentence the query brings."""


def baleen_hops(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    hops: int = 2,
    depth: int = 10,
    steps: int = 200,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Both ends of a chain of documents ask for the first, and with its fact for the second.

    Chains are read off the documents: two that name one thing which few others name. What a search
    in hops finds beside them is what they are told from; the document whose sentence a query brings
    along is not. Serve the model with a search in hops as
    well: ask, and ask again with the best sentence that was found.

    Paper:   Khattab, Potts, Zaharia, Baleen: Robust Multi-Hop Reasoning at Scale via Condensed
             Retrieval, NeurIPS 2021. https://arxiv.org/abs/2101.00436; chains in a graph as labels:
             CGR, 2021. https://arxiv.org/abs/2109.02905
    Code:    none followed.
    Differs: single vectors, so that the focus on tokens that matter (FLIPR) is an index to serve
             with, `indexes.Focused`, and is not trained; no condenser learns; the order of the
             documents of a chain is known. Of CGR the contrast of single steps, without that of
             whole chains, and without reinforcement by a reader; and the second document of a chain
             may be among those that the first is told from.
    Cost:    `hops` searches of words and of the student, each with several queries for one;
             `steps` · `batch` queries with 3 documents of training.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: of both hops.
        held_out: of them, kept for the gate.
        hops: of the search for what is not relevant.
        depth: documents that each search of a hop brings. Paper: 100 / hops.
        steps: optimiser updates.
        batch: queries per update.
        learning_rate: at its highest.
    """
    found = miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth)))
    return Recipe(
        "baleen_hops",
        (
            generators.GraphChains(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.MultiHop(miner=found, hops=hops),
            filters.SubstringOverlap(at_most_words=_SHARED_WORDS),
            labellers.SourceIsRelevant(),
            loops.Fit(
                loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 10),
                candidates=3,
            ),
        ),
        judge=taught(judge),
    )
