"""rraml: documents with which a reader behind a door does its task well are found more often."""

from __future__ import annotations

from typing import Literal

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Loss
from acclimate.recipes._given import LOCAL, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

DEPTH = 8
"""Documents of a query that the reader answers with."""


def rraml(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Scorer] | None = None,
    harmful: tuple[str, ...] = (),
    queries: int = 1_000,
    held_out: int = 200,
    steps: int = 100,
    rounds: int = 2,
    policy: Literal["reinforce", "ppo"] = "reinforce",
) -> Recipe:
    """A masked sentence asks, and what lets a reader fill it in is rewarded.

    In each round the student as it is finds documents. A language model of which only the answers
    are seen fills in the sentence with each; how many of its words are right is the reward, and the
    student learns by policy gradient to find what is rewarded more than the other documents are.
    Documents that must not be found lose a reward of 1. The sentence's own document is left out.

    Rows: [115].

    Paper:   Bacciu et al., RRAML: Reinforced Retrieval Augmented Machine Learning, 2023.
             https://arxiv.org/abs/2307.12798
    Code:    none followed.
    Differs: the prompt is written once and does not learn; the policy gradient is exact over the
             documents found; masked sentences are the task. The paper measures nothing.
    Cost:    `rounds` encodings of the documents, and 8 generations per query in each; `rounds` ·
             `steps` · 16 queries with as many documents of training.

    Args:
        writer: the reader: a server of this machine, or any language model.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        harmful: ids of documents that must not be found.
        queries: sentences to mask.
        held_out: of them, kept for the gate.
        steps: optimiser updates of a round.
        rounds: how often the student searches anew.
        policy: how rewards are followed: "reinforce": as they are; "ppo": no further in a round
            than a clip from the student it began with. Paper: PPO is named.
    """
    rules: dict[str, Loss] = {
        "reinforce": losses.PolicyGradient(temperature=TEMPERATURE),
        "ppo": losses.PPO(temperature=TEMPERATURE),
    }
    one_round = (
        miners.WithStudent(depth=DEPTH),
        filters.WithoutSource(),
        labellers.TaskReward(writer=writer, harmful=harmful),
        loops.Fit(
            loss=rules[policy],
            steps=steps,
            batch=16,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=DEPTH,
        ),
    )
    return Recipe(
        "rraml",
        (
            generators.SalientSpanMasks(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
