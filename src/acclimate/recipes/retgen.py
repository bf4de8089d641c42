"""retgen: a document is rewarded by how likely it makes what a text goes on with."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def retgen(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 4,
    steps: int = 100,
    batch: int = 16,
    rounds: int = 2,
) -> Recipe:
    """The end of a piece asks, and what helps a reader to write the next piece is rewarded.

    In each round the student as it is finds documents, in an index of its new vectors. A reader
    says how likely each makes the text that follows; that likelihood is the reward, and the student
    learns by policy gradient to find what is rewarded more than the other documents are. The piece
    that follows is left out of what is read, as it knows in the very words, and so is what repeats
    the query, as the piece that it ends.

    Rows: [043].

    Paper:   Zhang, Sun, Gao et al., RetGen: A Joint Training Framework for Retrieval and Grounded
             Text Generation Modeling, AAAI 2022. https://arxiv.org/abs/2105.06597
    Code:    dreasysnail/RetGen, retriever_ft.py.
    Differs: the retriever learns and the generator does not; text is not written from a mixture of
             the documents; the index is refreshed between rounds and not while training goes on; a
             temperature for vectors of length one.
    Cost:    `rounds` encodings of the documents, and a reading of `depth` documents per query in
             each; `rounds` · `steps` · `batch` queries with `depth` documents of training.

    Args:
        reader: says how likely a text is, in means over its tokens. A counting one by default;
            readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many pieces ask.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read. Code: 2 to 4.
        steps: optimiser updates of a round. Code: 16,000 in all.
        batch: queries per update.
        rounds: how often the student searches anew.
    """
    one_round = (
        miners.WithStudent(depth=depth + 1),
        filters.SubstringOverlap(),
        labellers.ReaderLikelihood(reader=reader, target="source"),
        loops.Fit(
            loss=losses.PolicyGradient(temperature=TEMPERATURE, rewards="log-likelihoods"),
            steps=steps,
            batch=batch,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=depth,
        ),
    )
    return Recipe(
        "retgen",
        (
            generators.NextChunk(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
