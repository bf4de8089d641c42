"""epr: examples that make a language model give the right output."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import labellers, miners
from acclimate.recipes._examples import ends, examples
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def epr(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 50,
    steps: int = 200,
    batch: int = 32,
) -> Recipe:
    """An input asks for the examples after which a reader finds its output likeliest.

    Documents are examples: their title is an input, their text the output, as in pairs of questions
    and answers, tickets and replies, headings and what they head. Words bring 50 examples that are
    like an example's input and output; a frozen reader says how likely each of them makes the
    output. The best 5 are relevant, the worst 5 are not, and the student learns to tell them from
    the input alone, which is all there is when one asks.

    Rows: [048].

    Paper:   EPR: Learning To Retrieve Prompts for In-Context Learning, 2022.
             https://arxiv.org/abs/2112.08633
    Code:    the authors' repository (run.py, scorer_dsr.py).
    Differs: words of the output are looked for together with those of the input; all ten labelled
             examples of a query train in an update, where the authors draw one of each end; a
             counting reader reads no input and sees how the outputs share words.
    Cost:    `depth` readings per query; `steps` · `batch` queries with 10 examples of training.

    Args:
        reader: says how likely an output is. A counting one by default; readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: inputs to ask with.
        held_out: of them, kept for the gate.
        depth: examples that are read. Paper: 50.
        steps: optimiser updates.
        batch: queries per update. Paper: 120.
    """
    return Recipe(
        "epr",
        (
            *examples(queries, held_out),
            miners.Lookahead(miner=miners.BM25(depth=depth)),
            labellers.ReaderLikelihood(reader=reader, target="output"),
            *ends(steps, batch, learning_rate=1.34e-4),
        ),
        judge=taught(judge),
    )
