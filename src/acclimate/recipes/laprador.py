"""LaPraDoR: queries and documents in turns, each against the other side's kept vectors."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def laprador(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    cache: int = 31,
    turns: int = 4,
    steps: int = 100,
    batch: int = 32,
    temperature: float = 0.05,
) -> Recipe:
    """A sentence finds its document among very many that cost nothing, then the other way round.

    So does a whole document, read under dropout, find itself. While one tower is frozen its vectors
    are kept, and the other learns against those of its batch: each query brings its document and
    `cache` random ones. Then they change places. No model but the student is needed.

    Rows: [035].

    Paper:   LaPraDoR: Unsupervised Pretrained Dense Retriever for Zero-Shot Text Retrieval,
             Findings of ACL 2022. https://arxiv.org/abs/2203.06169
    Code:    none followed.
    Differs: as many documents are paired with themselves as sentences with their documents; kept
             vectors are without dropout; adapts an encoder that retrieves already, whose two towers
             begin alike; the gate asks sentences alone and searches with the student alone
             (`indexes.LexicalDense` multiplies with BM25).
    Cost:    per turn one encoding of one side, and `steps` · `batch` texts of the other in
             training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many sentences, and how many documents that ask for themselves.
        held_out: of the sentences, kept for the gate; their documents do not ask.
        cache: kept vectors that each query of a batch brings, beside that of its document.
        turns: of queries and of documents together.
        steps: optimiser updates of a turn.
        batch: queries, or documents, of each.
        temperature: divides the cosines. Paper: 0.05.
    """
    itself = generators.DropoutPairs(queries=queries)
    return Recipe(
        "laprador",
        (
            students.Dense(dropout=True),
            generators.InverseCloze(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            generators.Beside(generator=generators.OfTrainingDocuments(generator=itself)),
            miners.RandomDocuments(count=cache),
            labellers.SourceIsRelevant(),
            loops.Cloze(
                loop=loops.AlternatingCache(
                    loop=loops.Fit(
                        loss=losses.InfoNCE(temperature=temperature, in_batch=True),
                        steps=steps,
                        batch=batch,
                        learning_rate=2e-5,
                        warmup=max(1, steps // 10),
                        candidates=1 + cache,
                    ),
                    turns=turns,
                )
            ),
        ),
        judge=taught(judge),
    )
