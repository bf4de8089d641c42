"""ANCE-Tele: each episode's mistakes and those of earlier ones, learned from the start anew."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def ance_tele(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 200,
    each: int = 30,
    steps: int = 200,
    episodes: int = 3,
) -> Recipe:
    """Documents near the query, near its source, and those of earlier episodes, all at once.

    A student that learns its latest mistakes forgets earlier ones, and so swings between groups
    of documents. Here documents near the source are met before they become mistakes, those of
    earlier episodes stay, and each episode trains the base model on all of them.

    Rows: [114].

    Paper:   Sun et al., Reduce Catastrophic Forgetting of Dense Retrieval Training with
             Teleportation Negatives, EMNLP 2022. https://arxiv.org/abs/2210.17167
    Code:    OpenMatch/ANCE-Tele.
    Differs: queries are written or cut from documents, and their sources stand for judgements; the
             base model stands for a pretrained one; updates are counted, where the paper trains
             3 passes at 5e-6, and a learning rate of 2e-5 for so few.
    Cost:    `episodes` encodings of the documents and two searches per query in each; `episodes` ·
             `steps` · 8 queries with 32 documents of training.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents that a search finds. Paper: 200.
        each: how many of them are drawn, by the query and by its source. Paper: 30.
        steps: optimiser updates of an episode.
        episodes: how often candidates are sought. Paper: 3.
    """
    near = miners.WithStudent(depth=depth)
    episode = (
        miners.Momentum(
            miner=miners.Union(
                (
                    miners.RankWindow(miner=near, skip=0, width=None, count=each),
                    miners.RankWindow(
                        miner=miners.Lookahead(miner=near), skip=0, width=None, count=each
                    ),
                )
            )
        ),
        labellers.SourceIsRelevant(),
        read(
            loops.Fit(
                loss=losses.ListSoftmaxCE(temperature=TEMPERATURE, in_batch=True),
                steps=steps,
                batch=8,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=32,
            ),
            writer,
        ),
    )
    return Recipe(
        "ance_tele",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=episode, rounds=episodes, restart=True, carry=True),
        ),
        judge=taught(judge),
    )
