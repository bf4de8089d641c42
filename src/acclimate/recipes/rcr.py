"""rcr: documents that together hold what is needed, shown first and then tried."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import labellers, loops, losses, miners, students
from acclimate.parts.part import Loss
from acclimate.recipes._examples import examples
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe


def rcr(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 1_000,
    held_out: int = 100,
    depth: int = 16,
    picks: int = 4,
    group: int = 8,
    steps: int = 200,
) -> Recipe:
    """The student learns to pick examples that cover an output together, then what a reader wants.

    Documents are examples: their title is an input, their text the output. First sequences are
    shown: each example holds most of the words of the output that those before it lack. Then the
    student draws `group` sequences of its own for each input, and those after which a reader finds
    the output likelier than after the others of the group become likelier.

    Rows: [047].

    Paper:   Reinforcing Compositional Retrieval: Retrieving Step-by-Step for Composing Informative
             Contexts, 2025. https://arxiv.org/abs/2504.11420
    Code:    none followed.
    Differs: words of the output for local structures of a program; the likelihood of the right
             output for the match of a written one; the policy of a group is a softmax over its
             sequences; a linear state as in `students.Sequential`, and only it and the map of
             queries learn.
    Cost:    `picks` · `depth` word counts, and `group` · `picks` · `depth` readings per query at
             most; training is two small maps, in seconds.

    Args:
        reader: says how likely an output is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: inputs to ask with.
        held_out: of them, kept for the gate.
        depth: examples that are picked from.
        picks: examples of a query, at most.
        group: sequences of a query that are compared.
        steps: optimiser updates of each stage.
    """

    def fit(loss: Loss) -> loops.Fit:
        return loops.Fit(
            loss=loss,
            steps=steps,
            batch=32,
            learning_rate=1e-3,
            warmup=max(1, steps // 10),
            candidates=depth,
        )

    found = miners.WithStudent(depth=depth)
    shown = loops.StepByStep(
        loop=fit(losses.InfoNCE(temperature=TEMPERATURE)),
        labeller=labellers.Covered(target="output"),
        learns="picks",
        by="teacher",
        picks=picks,
    )
    tried = loops.StepByStep(
        loop=fit(losses.GRPO(temperature=1.0)),
        labeller=labellers.ReaderLikelihood(reader=reader, target="output"),
        learns="rollouts",
        picks=picks,
        rollouts=group,
        temperature=TEMPERATURE,
    )
    return Recipe(
        "rcr",
        (
            students.Sequential(),
            *examples(queries, held_out),
            loops.Staged(stages=((found, shown), (found, tried))),
        ),
        judge=taught(judge),
    )
