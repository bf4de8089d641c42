"""jina_colbert: a late-interaction student learns pairs, then triplets, then a teacher's scores."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.parts.part import Loss, Part
from acclimate.recipes._given import asked, read, softness, taught, unread
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def jina_colbert(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 30,
    steps: int = 200,
    batch: int = 16,
    dimensions: int = 128,
) -> Recipe:
    """A vector per token, in three stages: the source among the batch, hard documents, a teacher.

    First a query is to find its source among the sources of the batch; then before a document that
    shares its words; at last the list of such documents is to be ordered as the teacher orders it,
    without the source where the query is its own words.

    Rows: [036].

    Paper:   Jha, Wang, Günther et al., Jina-ColBERT-v2, 2024, section 3.
             https://arxiv.org/abs/2408.16672
    Code:    none followed.
    Differs: queries are written or cut from documents, and their sources stand for pairs of the web
             and for judgements; hard documents are BM25's; one number of dimensions is trained,
             where the paper trains several at once; scores are means over the query's tokens, so
             temperatures are those of cosines; queries are not filled up with masks.
    Cost:    one teacher call per query and candidate; 3 · `steps` · `batch` queries of training,
             with 1, 2 and 8 documents; an index of a vector per token.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        teacher: scores the candidates. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents BM25 finds for a query.
        steps: optimiser updates of each stage.
        batch: queries per update.
        dimensions: of a token's vector. Paper: 128, 96 or 64.
    """
    labeller = taught(teacher)

    def fit(loss: Loss, candidates: int, rate: float) -> loops.Fit:
        return loops.Fit(
            loss=loss,
            steps=steps,
            batch=batch,
            learning_rate=rate,
            warmup=max(1, steps // 10),
            candidates=candidates,
        )

    words, relevant = miners.BM25(depth=depth), labellers.SourceIsRelevant()
    lists = losses.KLDivergence(
        teacher_temperature=softness(teacher), student_temperature=TEMPERATURE
    )
    pairs = losses.PairwiseCE(temperature=TEMPERATURE, own=2)
    stages: tuple[tuple[Part, ...], ...] = (
        (
            miners.RandomDocuments(count=1),
            relevant,
            read(fit(losses.InfoNCE(temperature=TEMPERATURE, in_batch=True), 1, 5e-5), writer),
        ),
        (words, relevant, read(fit(pairs, 2, 2e-5), writer)),
        (words, *unread(writer), labeller, fit(lists, 8, 2e-5)),
    )
    return Recipe(
        "jina_colbert",
        (
            students.LateInteraction(dimensions=dimensions),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=stages),
        ),
        judge=labeller,
    )
