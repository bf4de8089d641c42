"""cross_fit: weak pairs, cleaned by each other."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Generator
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import SENTENCE, TEMPERATURE
from acclimate.recipes.recipe import Recipe
from acclimate.tables import LogFile


def cross_fit(
    *,
    pairs: str | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    folds: int = 5,
    threshold: float = 0.3,
    steps: int = 200,
    batch: int = 32,
) -> Recipe:
    """What was found together belongs together, unless a model of the other pairs doubts it.

    Headings, questions, links and fields, key terms and sentences ask for their documents, and with
    a file so do people's questions for the documents that met them. Each source is wrong at times:
    pairs that a classifier of the other pairs does not expect train nothing. No teacher is asked
    but the gate's.

    Rows: [064].

    Paper:   VoxLingua107: a Dataset for Spoken Language Recognition, 2020.
             https://arxiv.org/abs/2011.12998
    Code:    none followed.
    Differs: the idea of that paper, that what a search phrase fetched is a label to be cleaned by
             its like, for retrieval; phrases are from the documents that they ask for.
    Cost:    one encoding of queries and documents by the base model; `steps` · `batch` queries with
             2 documents of training.

    Args:
        pairs: a file of questions with answers, or with ids of documents, as another source; see
            generators.AnswerPairs. None: there is none.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many of all sources.
        held_out: of them, kept for the gate.
        folds: classifiers; none judges a pair it has learned from.
        threshold: probability from which a pair stays.
        steps: optimiser updates.
        batch: queries per update.
    """
    sources: tuple[Generator, ...] = (
        generators.StructurePairs(),
        generators.SalientTerms(),
        generators.InverseCloze(at_most_words=SENTENCE),
    )
    if pairs is not None:
        sources = (*sources, generators.AnswerPairs(log=LogFile(pairs)))
    return Recipe(
        "cross_fit",
        (
            generators.Mixed(sources, queries=queries),
            filters.ExactDuplicates(),
            filters.CrossFitNoise(folds=folds, threshold=threshold),
            filters.HoldOut(queries=held_out),
            miners.BM25(depth=8),
            labellers.SourceIsRelevant(),
            loops.Cloze(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=2,
                )
            ),
        ),
        judge=taught(judge),
    )
