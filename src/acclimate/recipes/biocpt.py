"""biocpt: what people asked and what they then clicked."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe
from acclimate.tables import LogFile


def biocpt(
    *,
    clicks: str = "clicks.tsv",
    judge: Ref[Scorer] | None = None,
    queries: int | None = None,
    held_out: int = 500,
    share: float = 0.8,
    steps: int = 1_000,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Queries find the documents that were clicked for them, and documents their queries.

    For those who have a search in use: its log is a file with a query, the id of a document and how
    often it was clicked in each row. A pair counts as log2(clicks + 1), so that what many chose
    counts more than what one did; the documents of the batch are the contrast.

    Rows: [096].

    Paper:   Jin, Kim, Chen, Comeau, Yeganova, Wilbur, Lu, MedCPT (BioCPT), Bioinformatics 2023.
             https://arxiv.org/abs/2307.00589
    Code:    ncbi/MedCPT, retriever/main.py.
    Differs: an encoder of queries and one of documents, as in the paper, but both begin at one that
             retrieves already; and the retriever alone: its reranker learns from what the retriever
             finds, in a run of its own. A temperature for vectors of length one, where the paper
             has dot products and 1. What else was clicked for a query is no negative. `held_out`
             queries train nothing: the gate needs them.
    Cost:    `steps` · `batch` pairs of training; no teacher call but the gate's.

    Args:
        clicks: the file; see generators.ClickLog.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: pairs at most; drawn. None: all.
        held_out: of them, kept for the gate.
        share: of the direction from query to document, 0…1. Paper: 0.8.
        steps: optimiser updates; batch · steps should be a few times the pairs.
        batch: pairs per update. Paper: 32.
        learning_rate: at its highest. Paper: 2e-5.
    """
    log = LogFile(clicks)
    return Recipe(
        "biocpt",
        (
            students.TwoTowers(),
            generators.ClickLog(log=log, queries=queries),
            filters.HoldOut(queries=held_out),
            miners.RandomDocuments(count=1),
            labellers.Clicks(log=log, beyond=True),
            loops.Fit(
                loss=losses.SymmetricInfoNCE(temperature=TEMPERATURE, share=share, weighted=True),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 10),
                candidates=1,
            ),
        ),
        judge=taught(judge),
    )
