"""figret: pairs that differ in one thing, one thing after the other, then what a model prefers."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import drafters, filters, generators, labellers, loops, losses, miners
from acclimate.parts.drafters.guidance_pairs import COMPREHENSIVENESS, PURITY, RELEVANCE
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def figret(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    documents: int = 2_000,
    held_out: int = 200,
    depth: int = 5,
    steps: int = 60,
    preferred_steps: int = 150,
    batch: int = 16,
) -> Recipe:
    """What a language model prefers has many reasons; a student learns them one by one first.

    Of each query's document, versions are put together that differ in one respect: whether they
    hold something of the answer, how much of it, and how much else. The student learns these pairs
    in that order, and then what the model prefers of the documents it finds. The versions teach,
    and are never found.

    Rows: [002].

    Paper:   FiGRet: Fine-Grained Guidance for Retrievers, 2024. https://arxiv.org/abs/2411.03957
    Code:    none followed.
    Differs: guidance is given for all queries, where the paper gives it where the retriever does
             poorly; one curriculum, over objectives, and one round; the loss is RankNet's, as the
             paper's is not known to us.
    Cost:    one generation per document, then per query a judgement and depth × (depth − 1)
             comparisons.

    Args:
        writer: writes queries, names what is of use, and compares.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a query.
        held_out: queries kept for the gate.
        depth: documents of a query that are compared, each with each.
        steps: optimiser updates for each of the three objectives.
        preferred_steps: for what is preferred.
        batch: queries per update.
    """

    def fit(updates: int, candidates: int) -> loops.Fit:
        return loops.Fit(
            loss=losses.PairwiseLogistic(temperature=TEMPERATURE),
            steps=updates,
            batch=batch,
            learning_rate=2e-5,
            warmup=max(1, updates // 10),
            candidates=candidates,
        )

    guidance = tuple(
        loops.WithDrafts(loop=fit(steps, 2), kinds=kinds, alone=True)
        for kinds in (RELEVANCE, COMPREHENSIVENESS, PURITY)
    )
    preference = (
        miners.WithStudent(depth=depth),
        labellers.Pairwise(writer=writer, depth=depth),
        fit(preferred_steps, depth),
    )
    return Recipe(
        "figret",
        (
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            drafters.GuidancePairs(writer=writer),
            miners.RandomDocuments(count=1),
            labellers.SourceIsRelevant(),
            *guidance,
            loops.Rounds(rounds=1, steps=preference),
        ),
        judge=graded(judge),
    )
