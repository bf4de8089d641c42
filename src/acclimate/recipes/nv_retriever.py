"""nv_retriever: hard documents, without those that come too close to the source."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def nv_retriever(
    *,
    writer: Ref[Writer] | None = None,
    encoder: Dense | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 30,
    percent: float = 0.95,
    steps: int = 200,
) -> Recipe:
    """Positive-aware hard documents: what reaches 95 % of the source's score teaches nothing.

    An encoder finds documents near to each query and rates them and the query's source. A document
    rated nearly as high as the source is most likely relevant as well, and is left out; of the ten
    best that stay four are told from the source in each step, and those of the other queries with
    them.

    Rows: [011].

    Paper:   Moreira et al., NV-Retriever: Improving text embedding models with effective
             hard-negative mining, 2024. https://arxiv.org/abs/2407.15831
    Code:    none published.
    Differs: queries are written or cut from documents, and their sources stand for judgements;
             documents of other queries are not held against the bar.
    Cost:    one search per query with the encoder; `steps` · 32 queries with 5 documents of
             training; no teacher call but the gate's.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        encoder: finds and rates documents; a better one is worth more than a better rule. None:
            the base model.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents the encoder finds for a query.
        percent: share of the source's score that a document may reach. Paper: 0.95.
        steps: optimiser updates.
    """
    own = miners.WithStudent(depth=depth)
    found = own if encoder is None else miners.DenseSearch(encoder=encoder, depth=depth)
    return Recipe(
        "nv_retriever",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.PositiveAware(miner=found, percent=percent, keep=10),
            labellers.SourceIsRelevant(),
            read(
                loops.Fit(
                    loss=losses.ListSoftmaxCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=32,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=5,
                ),
                writer,
            ),
        ),
        judge=taught(judge),
    )
