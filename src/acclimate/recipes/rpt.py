"""rpt: the pieces of a long text that help to foresee its next piece."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def rpt(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 20,
    steps: int = 200,
    batch: int = 16,
    learning_rate: float = 2e-5,
) -> Recipe:
    """A piece asks for what makes a reader expect the piece that follows it.

    Words bring 20 pieces for the end of each piece; a frozen reader says how much likelier each
    makes the next one than nothing does. The piece itself, and what repeats its end, is no help.
    Pieces without one that helps train nothing; of the others the student learns which help more.
    The documents must be in pieces, as long ones are that a run splits. No people's queries and no
    written ones are needed.

    Rows: [066].

    Paper:   Rubin, Berant, Long-range Language Modeling with Self-retrieval (RPT), TACL 2024.
             https://arxiv.org/abs/2306.13421
    Code:    OhadRubin/RPT, its labels and loss.
    Differs: trains a retriever alone, over the whole corpus, and no language model that reads what
             it finds; the gain is over no document; BM25 asks with the piece and not with the next.
    Cost:    one reading per query and candidate; `steps` · `batch` queries with 8 pieces of
             training.

    Args:
        reader: says how likely a text is. A counting one by default; readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many pieces ask.
        held_out: of them, kept for the gate.
        depth: pieces that BM25 brings. Paper: 20.
        steps: optimiser updates.
        batch: queries per update.
        learning_rate: at its highest.
    """
    return Recipe(
        "rpt",
        (
            generators.NextChunk(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.BM25(depth=depth + 1),
            filters.SubstringOverlap(),
            labellers.ReaderLikelihood(reader=reader, target="source", gain=True),
            filters.PositiveGain(),
            loops.Fit(
                loss=losses.LambdaRankHinge(margin=0.1),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 10),
                candidates=8,
            ),
        ),
        judge=taught(judge),
    )
