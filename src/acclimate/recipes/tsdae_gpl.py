"""tsdae_gpl: documents are written again from their vectors, then GPL."""

from __future__ import annotations

from dataclasses import replace

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import loops
from acclimate.recipes.gpl import gpl
from acclimate.recipes.recipe import Recipe, Seen


def tsdae_gpl(
    *,
    seen: Seen = Seen(),  # noqa: B008 (a value)
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    retrievers: tuple[Dense, ...] | None = None,
    queries: int = 250_000,
    steps: int = 140_000,
    batch: int = 32,
    pretraining: int = 10_000,
    held_out: int = 1_000,
) -> Recipe:
    """TSDAE on the documents, so that the encoder knows the domain's words, and GPL upon it.

    Paper:   Wang, Thakur, Reimers, Gurevych, GPL: Generative Pseudo Labeling for Unsupervised
             Domain Adaptation of Dense Retrieval, NAACL 2022 (TSDAE + GPL).
             https://arxiv.org/abs/2112.07577; Wang, Reimers, Gurevych, TSDAE, Findings of EMNLP
             2021. https://arxiv.org/abs/2104.06979
    Code:    UKPLab/gpl; sentence-transformers' DenoisingAutoEncoderLoss.
    Differs: the paper learns MS MARCO between the two; here the student has learned to retrieve
             before, and pre-training must not be so long that it forgets. GPL differs as `gpl`.
    Cost:    `pretraining` updates of 8 documents, encoded and decoded, and that of `gpl`.

    Args:
        seen: what the run saw; it fills this in by itself.
        writer: writes the queries. None: as `gpl`.
        teacher: scores (query, document) pairs. None: as `gpl`.
        retrievers: each mines 50 candidates per query. None: as `gpl`.
        queries: how many to write about; 3 per document, or more where the corpus is small.
        steps: optimiser updates of GPL. Paper: 140,000.
        batch: queries per update. Paper: 32.
        pretraining: updates of TSDAE, of 8 documents each.
        held_out: queries kept for the gate.
    """
    then = gpl(
        seen=seen,
        writer=writer,
        teacher=teacher,
        retrievers=retrievers,
        queries=queries,
        steps=steps,
        batch=batch,
        held_out=held_out,
    )
    first = loops.Denoising(steps=pretraining)
    return replace(then, name="tsdae_gpl", steps=(first, *then.steps))
