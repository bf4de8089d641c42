"""zelo_llm: a language model compares documents in pairs, and the student learns their strength."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def zelo_llm(
    *,
    writer: Ref[Writer] = LOCAL,
    teacher: Ref[Writer] | None = None,
    judge: Ref[Writer] | None = None,
    documents: int = 1_000,
    held_out: int = 200,
    depth: int = 10,
    cycles: int = 4,
    steps: int = 200,
) -> Recipe:
    """Comparisons of two documents at a time become strengths, and these a distribution to learn.

    Words and the student bring a list for each query. Its documents meet in pairs along a few
    random cycles, each pair in both orders; the strengths under which the verdicts are likeliest
    are what the student learns. `zelo` is the same with judges that need no language model.

    Rows: [119].

    Paper:   zELO: ELO-inspired Training Method for Rerankers and Embedding Models, 2025.
             https://arxiv.org/abs/2509.12541
    Code:    zeroentropy-ai/zbench, its contests.
    Differs: one language model in both orders, where the paper has three; no small model learns
             their verdicts first; a retriever learns the lists, and no reranker stands between.
    Cost:    one generation per document; 4 · `cycles` · `depth` comparisons per query.

    Args:
        writer: writes the queries.
        teacher: compares. None: the writer.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a query.
        held_out: queries kept for the gate.
        depth: documents each search brings to a list. Paper: 100 in all.
        cycles: how often a document meets two others. Paper: 4.
        steps: optimiser updates.
    """
    return Recipe(
        "zelo_llm",
        (
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            labellers.Pairwise(
                writer=teacher or writer, depth=2 * depth, cycles=cycles, aggregate="thurstone"
            ),
            loops.Fit(
                loss=losses.KLDivergence(teacher_temperature=0.5, student_temperature=TEMPERATURE),
                steps=steps,
                batch=16,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=2 * depth,
            ),
        ),
        judge=graded(judge),
    )
