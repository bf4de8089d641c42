"""cocondenser: spans of one document become alike before anything is compared."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def cocondenser(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    pretraining: int = 2_000,
    skip_from: int | None = None,
    steps: int = 400,
    batch: int = 32,
) -> Recipe:
    """CoCondenser on the documents, then plain contrast of queries with what words find.

    Pre-training makes vectors of one document's spans alike and lets them tell hidden words; after
    it small batches suffice. It is made for the files of a masked language model whose text vector
    is the first token's; an encoder that retrieves already loses some of what it knew.

    Rows: [070].

    Paper:   Gao, Callan, Unsupervised Corpus Aware Language Model Pre-training for Dense Passage
             Retrieval, ACL 2022. https://arxiv.org/abs/2108.05540
    Code:    luyug/Condenser.
    Differs: queries are written or cut from documents, and the one each came from is its relevant
             document; one round of training, with documents of BM25. Pre-training differs as
             `loops.CoCondenser`.
    Cost:    `pretraining` · `batch` · 2 spans, and `steps` · `batch` queries with 8 documents of
             training; no teacher call but the gate's.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        pretraining: updates on spans. Paper: 8 epochs.
        skip_from: the layer of the student whose tokens the head reads. None: the one in the
            middle, which is the paper's 6 of 12.
        steps: optimiser updates after it.
        batch: documents per update of the first, queries per update of the second.
    """
    return Recipe(
        "cocondenser",
        (
            loops.CoCondenser(
                masked=losses.Condenser(skip_from=skip_from),
                contrast=losses.CorpusContrastive(),
                steps=pretraining,
                batch=batch,
                warmup=max(1, pretraining // 10),
            ),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.BM25(depth=50),
            labellers.SourceIsRelevant(),
            read(
                loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=8,
                ),
                writer,
            ),
        ),
        judge=taught(judge),
    )
