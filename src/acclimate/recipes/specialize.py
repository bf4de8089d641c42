"""specialize: queries of many kinds, and the teacher's whole list."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Generator, Part
from acclimate.recipes._given import read, taught, told
from acclimate.recipes._pieces import pieces
from acclimate.recipes.recipe import Recipe

KINDS = 6
"""Of queries that a language model writes for a document."""


def specialize(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 10,
    steps: int = 100,
    batch: int = 16,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Listwise distillation: the student's distribution over a query's list becomes the teacher's.

    Queries of several kinds are written, and kept where the student finds their source among the
    first 20. Words and the student bring the list and the teacher rates it. With a teacher, queries
    stay whose source it puts first, and the three quarters for which it finds the best documents.
    Its values are brought to 0…1, and the student learns the whole distribution at its own
    temperature.

    Rows: [085].

    Paper:   Tamber et al., Teaching Dense Retrieval Models to Specialize with Listwise
             Distillation and LLM Data Augmentation, 2025. https://arxiv.org/abs/2502.19712
    Code:    manveertamber/enhancing_domain_adaptation.
    Differs: without a language model, pieces of five kinds stand for its queries of six; lists are
             the best of two searches, where the paper's are the teacher's best 20 of 100; without
             a teacher of its own all queries stay. The contrastive tenth of the paper's loss is
             left out, as it needs documents that the teacher values to be masked in it alone.
    Cost:    one teacher call per query and candidate; `steps` · `batch` queries with 2 · `depth`
             documents of training.

    Args:
        writer: a language model that follows instructions; it writes a query of each of six kinds
            for a document. None: pieces of documents, of five kinds, which are then read without
            these.
        teacher: rates the lists. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents each search brings to a list.
        steps: optimiser updates.
        batch: queries per update. Paper: 4,096.
        learning_rate: at its highest. Paper: 2e-4, of its batches.
    """
    labeller = taught(teacher)
    kinds: Generator = pieces(queries)
    if writer is not None:
        kinds = generators.QueryKinds(writer=writer, documents=-(-queries // KINDS))
    agreed: tuple[Part, ...] = ()
    if teacher is not None:
        agreed = (filters.TeacherTop1(), filters.ScorePercentile(percentile=25.0))
    return Recipe(
        "specialize",
        (
            kinds,
            filters.NearDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.RoundTrip(depth=20),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            told(labeller, writer),
            *agreed,
            labellers.PercentileScale(),
            read(
                loops.Fit(
                    loss=losses.KLDivergence(teacher_temperature=0.3, student_temperature=0.05),
                    steps=steps,
                    batch=batch,
                    learning_rate=learning_rate,
                    warmup=max(10, steps // 10),
                    candidates=2 * depth,
                ),
                writer,
            ),
        ),
        judge=labeller,
    )
