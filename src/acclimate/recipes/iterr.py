"""iterr: examples are picked one after another, each for what it adds to those before."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import labellers, loops, losses, miners, students
from acclimate.recipes._examples import examples
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe

DEPTH = 16
"""Examples that are picked from."""


def iterr(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 1_000,
    held_out: int = 100,
    picks: int = 3,
    rollouts: int = 4,
    steps: int = 200,
    rounds: int = 2,
) -> Recipe:
    """A small state behind a frozen encoder learns which example a reader wants next.

    Documents are examples: their title is an input, their text the output. For inputs of the corpus
    the student draws examples, one after another; a reader says how likely each example that is
    left would make the output after those that are there. By policy optimisation the student learns
    to pick what adds most, and not what says the same once more. `miners.StepByStep` picks with it;
    the gate compares plain searches, in which the state has no part.

    Rows: [051].

    Paper:   Learning to Retrieve Iteratively for In-Context Learning (IterR), EMNLP 2024.
             https://arxiv.org/abs/2406.14739
    Code:    none followed.
    Differs: gains in log-likelihood and not in likelihood; each pick is rewarded by its own gain,
             so that no value of later ones is learned; picks are drawn anew each round and not at
             each update; a linear state as in `students.Sequential`.
    Cost:    `rounds` · `rollouts` · `picks` · 16 readings per query at most; training is two
             small maps, in seconds.

    Args:
        reader: says how likely an output is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: inputs to ask with.
        held_out: of them, kept for the gate.
        picks: examples of a query.
        rollouts: ways of picking for a query.
        steps: optimiser updates of a round.
        rounds: how often is picked anew.
    """
    one_round = (
        miners.WithStudent(depth=DEPTH),
        loops.StepByStep(
            loop=loops.Fit(
                loss=losses.PPO(temperature=TEMPERATURE),
                steps=steps,
                batch=32,
                learning_rate=1e-3,
                warmup=max(1, steps // 10),
                candidates=DEPTH,
            ),
            labeller=labellers.ReaderLikelihood(reader=reader, target="output"),
            picks=picks,
            rollouts=rollouts,
            temperature=TEMPERATURE,
        ),
    )
    return Recipe(
        "iterr",
        (
            students.Sequential(),
            *examples(queries, held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
