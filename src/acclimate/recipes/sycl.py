"""sycl: documents written at four levels of relevance, and their whole order."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import drafters, filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def sycl(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    documents: int = 2_000,
    held_out: int = 200,
    depth: int = 2,
    steps: int = 300,
    batch: int = 16,
) -> Recipe:
    """Each query comes with a scale: an answer, half an answer, something near it, something else.

    A language model writes a document of each of four levels for every query. Beside them stand
    the query's own document (level 3) and what BM25 finds (level 1); what belongs to the other
    queries of a batch is of level 0. The student's distribution over all of them is brought near
    the levels' own. Written documents teach, and are never found: people's queries, which have no
    document, can learn from them alone.

    Rows: [028].

    Paper:   Esfandiarpoor et al., Beyond Contrastive Learning: Synthetic Data Enables List-wise
             Training with Multiple Levels of Relevance, EMNLP 2025 Findings.
             https://arxiv.org/abs/2503.23239
    Code:    BatsResearch/sycl.
    Differs: queries are written too, unless people's are given; a temperature for cosines.
    Cost:    one generation per document and four per query; with a judge about 30 judgements per
             held-out query.

    Args:
        writer: writes queries and documents.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a query.
        held_out: queries kept for the gate.
        depth: documents of BM25 for a query.
        steps: optimiser updates. Paper: 1 epoch.
        batch: queries per update. Paper: 256.
    """
    return Recipe(
        "sycl",
        (
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            drafters.GradedDocuments(writer=writer),
            miners.BM25(depth=depth),
            labellers.SourceIsRelevant(relevant=3.0, other=1.0),
            loops.WithDrafts(
                loop=loops.Fit(
                    loss=losses.GaussianWasserstein(temperature=TEMPERATURE),
                    steps=steps,
                    batch=batch,
                    learning_rate=1e-5,
                    warmup=max(1, steps // 20),
                    candidates=5 + depth,
                )
            ),
        ),
        judge=graded(judge),
    )
