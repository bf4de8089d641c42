"""duqgen: few queries, for documents from every corner of the corpus."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.generators.few_shot import Example
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

BATCH = 32
"""Queries of an update."""


def duqgen(
    *,
    writer: Ref[Writer] = LOCAL,
    checker: Ref[Writer] | None = None,
    judge: Ref[Writer] | None = None,
    examples: tuple[Example, ...] | None = None,
    documents: int = 1_000,
    depth: int = 100,
    held_out: int = 200,
    steps: int = 100,
) -> Recipe:
    """A thousand documents that stand for the whole corpus are asked for a query each.

    The corpus is put into clusters, and each gives a document, those near its centre likelier.
    A language model that has seen a few examples of the task writes a query for each. The bottom of
    the student's first hundred results are negatives: hard enough, and rarely relevant. For who
    can pay for a thousand generations and not for a hundred thousand.

    Paper:   Chandradevan, Dhole, Agichtein, DUQGen: Effective Unsupervised Domain Adaptation of
             Neural Rankers by Diversifying Synthetic Query Generation, NAACL 2024.
             https://arxiv.org/abs/2404.02489
    Code:    emory-irlab/DUQGen.
    Differs: the student adapts, and its vectors make the clusters and find the negatives, where the
             paper takes Contriever's and trains ColBERT and MonoT5 (`students.LateInteraction`,
             `students.Reranker`); negatives are drawn from the last eight of a hundred results, of
             which the code takes the first four; short documents are not left out; `held_out`
             queries train nothing: the gate needs them.
    Cost:    one generation per query, one vector per document; with a checker one judgement per
             query.

    Args:
        writer: writes the queries.
        checker: looks over them by four criteria; another model than the writer. None: nobody does.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        examples: documents with a good and a bad query of the task at hand. None: three of our own.
        documents: how many train with a query, and clusters of the corpus. Its code: 1,000 of both.
        depth: results of the student, of which the last eight give four negatives. Paper: 100.
        held_out: queries kept for the gate, of documents chosen in the same way.
        steps: optimiser updates, of 32 queries.
    """
    checked = () if checker is None else (filters.FourCriteria(writer=checker),)
    return Recipe(
        "duqgen",
        (
            generators.OfDocuments(
                chosen=filters.DiverseDocuments(
                    at_most=documents + held_out, clusters=documents, temperature=1.0
                ),
                generator=generators.FewShot(writer=writer, examples=examples),
            ),
            filters.ExactDuplicates(),
            *checked,
            filters.HoldOut(queries=held_out),
            miners.RankWindow(
                miner=miners.WithStudent(depth=depth), skip=max(0, depth - 8), width=8, count=4
            ),
            labellers.SourceIsRelevant(),
            loops.Fit(
                loss=losses.InfoNCE(temperature=TEMPERATURE),
                steps=steps,
                batch=BATCH,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=5,
            ),
        ),
        judge=graded(judge),
    )
