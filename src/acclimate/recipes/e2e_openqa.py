"""e2e_openqa: sentences find their documents first, gaps find what fills them then."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, miners
from acclimate.parts.labellers import ReaderLikelihood
from acclimate.recipes._contrast import in_batch
from acclimate.recipes._explained import explained
from acclimate.recipes._given import taught
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe

GAPS = ("salient_mask",)
"""The kind of the queries of the second stage."""


def e2e_openqa(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 8,
    steps: int = 100,
    batch: int = 16,
    rounds: int = 2,
) -> Recipe:
    """Two trainings without a label: the inverse cloze task, and masked salient spans.

    A sentence finds its document, nine times in ten read without it. Then names, dates and numbers
    are masked: in each round the student finds documents for such a sentence, a frozen reader says
    how likely each makes what is hidden, and the student raises those that make it likelier than
    the others do.

    Rows: [003].

    Paper:   End-to-End Training of Neural Retrievers for Open-Domain Question Answering, 2021.
             https://arxiv.org/abs/2101.00408
    Code:    none followed.
    Differs: the paper's two unsupervised stages; questions with answers, on which it goes on, are
             not needed, and the reader does not learn: each document is read alone. Cosines are
             divided by a temperature, where the paper divides products by the square root of the
             dimension; spans are found by capitals and digits.
    Cost:    `steps` · `batch` queries with a document, and in each round an encoding of the
             documents, a reading of `depth` of them per query and as many queries with them.

    Args:
        reader: says how likely an answer is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: of both kinds.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read.
        steps: optimiser updates of the first stage, and of a round of the second.
        batch: queries per update.
        rounds: how often the student searches anew.
    """
    reads = ReaderLikelihood(reader=reader, target="answer")
    sentences = (
        filters.OfKind(kinds=GAPS, others=True),
        miners.RandomDocuments(count=1),
        labellers.SourceIsRelevant(),
        loops.Cloze(loop=in_batch(steps=steps, batch=batch, learning_rate=2e-5)),
    )
    gaps = (
        filters.OfKind(kinds=GAPS),
        explained(reads, depth=depth, steps=steps, batch=batch, rounds=rounds),
    )
    return Recipe(
        "e2e_openqa",
        (
            generators.Mixed(
                (generators.InverseCloze(mask_rate=0.9), generators.SalientSpanMasks()),
                queries=queries,
            ),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=(sentences, gaps)),
        ),
        judge=taught(judge),
    )
