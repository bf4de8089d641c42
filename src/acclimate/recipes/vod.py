"""vod: a few documents, drawn with weights, stand for all that might hold an answer."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Part
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe

DEPTH = 100
"""Documents of a query that are drawn from."""

ALPHAS = (0.9, 0.5, 0.0)
"""Of the bound in one round after the other: down to the likelihood itself."""


def vod(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    count: int = 8,
    steps: int = 100,
    batch: int = 16,
) -> Recipe:
    """A masked sentence asks; the student learns which documents make what is hidden likely.

    In each of three rounds the student as it is proposes a long list of documents; a few are drawn
    by priority, with weights by which they stand for the whole list, and a reader says how likely
    each makes the words behind the mask. The student raises a bound of the likelihood of these
    words under all documents: a loose one first, whose gradient differs little between documents,
    and the likelihood itself at the end. The sentence's own document is left out.

    Rows: [005].

    Paper:   Liévin, Motzfeldt, Jensen, Winther, Variational Open-Domain Question Answering, ICML
             2023. https://arxiv.org/abs/2210.06345
    Code:    VodLM/vod-gradients.
    Differs: masked words are the answers, where the paper has questions with choices; the retriever
             learns and the reader does not; the proposal is the student as a round began, drawn
             from once a round and not at each update; a temperature for vectors of length one.
    Cost:    three encodings of the documents, and a reading of `count` documents per query in each;
             3 · `steps` · `batch` queries with `count` documents of training.

    Args:
        reader: says how likely a text is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: sentences to mask.
        held_out: of them, kept for the gate.
        count: documents of a query that are drawn and read.
        steps: optimiser updates of a round.
        batch: queries per update.
    """

    def one_round(alpha: float) -> tuple[Part, ...]:
        return (
            miners.PrioritySampler(
                miner=miners.WithStudent(depth=DEPTH), count=count, temperature=TEMPERATURE
            ),
            filters.WithoutSource(),
            labellers.ReaderLikelihood(reader=reader, target="answer"),
            loops.Sampled(
                loop=loops.Fit(
                    loss=losses.RenyiBound(alpha=alpha, temperature=TEMPERATURE),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=count,
                )
            ),
        )

    return Recipe(
        "vod",
        (
            generators.SalientSpanMasks(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=tuple(one_round(alpha) for alpha in ALPHAS)),
        ),
        judge=taught(judge),
    )
