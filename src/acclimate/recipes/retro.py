"""retro: what came next after pieces like this one."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def retro(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    neighbours: int = 10,
    steps: int = 200,
    batch: int = 16,
    learning_rate: float = 2e-5,
) -> Recipe:
    """A piece asks for neighbours of other documents, by how much they help to foresee its next.

    The base model finds pieces like it in other documents, each with the piece that follows there;
    a frozen reader says how much likelier each makes what comes next than nothing does. Pieces of
    the same document are left out, as they repeat the answer. The documents must be in pieces, as
    long ones are that a run splits.

    Rows: [050].

    Paper:   Borgeaud et al., Improving Language Models by Retrieving from Trillions of Tokens,
             2021. https://arxiv.org/abs/2112.04426
    Code:    none followed.
    Differs: the paper's encoder stays as it is and a language model learns to read what it finds;
             here the reader stays and the encoder learns what helps it.
    Cost:    one reading per query and candidate; `steps` · `batch` queries with 8 pieces of
             training.

    Args:
        reader: says how likely a text is. A counting one by default; readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many pieces ask.
        held_out: of them, kept for the gate.
        neighbours: of a piece, each with what follows it.
        steps: optimiser updates.
        batch: queries per update.
        learning_rate: at its highest.
    """
    return Recipe(
        "retro",
        (
            generators.NextChunk(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.ChunkNeighbours(
                miner=miners.WithStudent(depth=4 * neighbours), count=neighbours
            ),
            filters.WithoutSource(),
            labellers.ReaderLikelihood(reader=reader, target="source", gain=True),
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
