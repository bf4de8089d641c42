"""ADORE: the query encoder learns on what it finds now, while documents stay as they are."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def adore(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 200,
    steps: int = 170,
    batch: int = 32,
    rounds: int = 6,
) -> Recipe:
    """Query-side training on real lists: the source is to rise where that changes the list most.

    As document vectors do not change, the student's own first documents for a query are cheap to
    find. A pair of source and other document counts as much as the reciprocal rank would change
    if the two changed places in that list. An index that is there stays in use. The paper's two
    steps are `star`, and then this with the model that `star` made.

    Rows: [113].

    Paper:   Zhan, Mao, Liu, Guo, Zhang, Ma, Optimizing Dense Retrieval Model Training with Hard
             Negatives, SIGIR 2021, section 4.2. https://arxiv.org/abs/2104.08051
    Code:    jingtaozhan/DRhard, adore.
    Differs: queries are written or cut from documents, and their sources stand for judgements;
             lists are found anew in each round and not in each step, though ranks within them are
             those of the step.
    Cost:    encodes every document once; `rounds` searches per query; `rounds` · `steps` · `batch`
             queries of training, without documents.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents of a list. Paper: 200.
        steps: optimiser updates of a round. Paper: a pass over the queries.
        batch: queries per update. Paper: 32.
        rounds: how often lists are found. Paper: trains for 6 passes.
    """
    one_round = (
        miners.WithStudent(depth=depth),
        labellers.SourceIsRelevant(),
        read(
            loops.Fit(
                loss=losses.LambdaRank(metric="mrr", depth=depth, temperature=TEMPERATURE),
                steps=steps,
                batch=batch,
                learning_rate=5e-6,
                warmup=max(1, steps // 10),
                candidates=1 + depth,
            ),
            writer,
        ),
    )
    return Recipe(
        "adore",
        (
            students.QuerySide(),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
