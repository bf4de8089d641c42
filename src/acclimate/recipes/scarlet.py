"""scarlet: what each document of a context adds to an answer says what is relevant."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

SUM = NGramReader(per_token=False)
"""A likelihood is of the whole answer."""


def scarlet(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 10,
    masks: int = 64,
    steps: int = 200,
    batch: int = 16,
) -> Recipe:
    """Documents share a context; those whose absence costs the answer its likelihood are relevant.

    A salient span of a sentence is masked. Words and the student find documents, which a frozen
    reader gets together, 64 times, each time another half of them; a ridge regression says what
    each of them adds to the likelihood of the span. The values of a list fall into three clusters:
    the highest is relevant, the lowest is not, and the middle is left out. The document that the
    sentence is from is left out: it knows in the very words.

    Rows: [008].

    Paper:   SCARLet: Utility-based retriever via shared-context attribution, EMNLP 2025.
             https://arxiv.org/abs/2504.00573
    Code:    the authors' release, which lacks the attribution.
    Differs: masked sentences stand for the tasks that a language model writes about one context,
             and what searches find beside the right documents for the distractors it adds; the
             strength of the ridge is ours.
    Cost:    `masks` readings of half a list per query; `steps` · `batch` queries with 8 documents
             of training.

    Args:
        reader: says how likely an answer is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: sentences to mask.
        held_out: of them, kept for the gate.
        depth: documents each of two searches finds.
        masks: readings of each query's list. Paper: 64.
        steps: optimiser updates.
        batch: queries per update.
    """
    return Recipe(
        "scarlet",
        (
            generators.SalientSpanMasks(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            filters.WithoutSource(),
            labellers.PerturbationAttribution(reader=reader, masks=masks),
            labellers.OneDimensionalClusters(clusters=3),
            loops.Fit(
                loss=losses.InfoNCE(temperature=TEMPERATURE),
                steps=steps,
                batch=batch,
                learning_rate=6e-5,
                warmup=max(1, steps // 10),
                candidates=8,
            ),
        ),
        judge=taught(judge),
    )
