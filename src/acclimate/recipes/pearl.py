"""pearl: a reranker whose scores say how much a text of one's own helps to write the next."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._examples import examples
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe

FINDS = Dense()
"""Whose vectors judge beside words: a reranker has none."""

_POORER = 50.0
"""Share of the requests, in percent, that no document helps as much as it does the others."""


def pearl(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    encoder: Dense = FINDS,
    queries: int = 6_000,
    held_out: int = 200,
    depth: int = 20,
    anchor: float = 0.0,
    steps: int = 300,
) -> Recipe:
    """A request asks for what its author wrote before and a reader gains most by.

    The documents are one author's: their title is a request, their text what was written. Words
    bring others for each request; a frozen reader says how much likelier each makes the text than
    nothing does. The half of the requests that are helped least train nothing. A cross-encoder
    learns the gains with their scale, so that its highest score says how well a request can be
    served at all. Give a cross-encoder as the student; it is compared with itself before, on what
    BM25 finds.

    Rows: [004].

    Paper:   Mysore, Lu, Wan, Yang, Menezes, Baghaee, Barajas Gonzalez, Neville, Safavi, PEARL,
             2023. https://arxiv.org/abs/2311.09180
    Code:    none published.
    Differs: a corpus is of one author; how many requests the paper drops and what its anchor is, is
             not known; what follows from a low score, to write again, is left to who writes.
    Cost:    `depth` + 1 readings per query; `steps` · 8 queries of training, each read with 8
             documents.

    Args:
        reader: says how likely a text is, per token. A counting one by default;
            readers.LanguageModel.
        judge: scores held-out pairs for the gate; a stronger model than the student. None: words
            and the vectors of `encoder`.
        encoder: judges where no judge is given.
        queries: requests to ask with.
        held_out: of them, kept for the gate.
        depth: documents that are read.
        anchor: gain that a score of 0 stands for, in nats.
        steps: optimiser updates.
    """
    return Recipe(
        "pearl",
        (
            students.Reranker(training_tokens=256),
            *examples(queries, held_out),
            miners.BM25(depth=depth),
            labellers.ReaderLikelihood(reader=reader, target="output", gain=True),
            filters.ScorePercentile(percentile=_POORER),
            loops.Fit(
                loss=losses.ScaleCalibratedKL(anchor=anchor),
                steps=steps,
                batch=8,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=8,
            ),
        ),
        judge=taught(judge, encoder=encoder),
    )
