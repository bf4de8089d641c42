"""r2anker_distil: a reranker learns on the documents of several retrievers, then teaches one."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.parts.part import Loss, Miner
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

WIDTH = 16
"""Documents of a query in an update of either, its source among them."""


def r2anker_distil(
    *,
    ranker: CrossEncoder | None = None,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    retrievers: tuple[Dense, ...] = (),
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 50,
    steps: int = 300,
) -> Recipe:
    """No teacher is needed: the corpus trains one, and the student learns its distribution.

    Words, the student and other retrievers bring documents, of which some are drawn from all
    lists alike. A cross-encoder learns to put a query's source before them, then scores every
    one, and the student learns its distribution over the list.

    Rows: [087].

    Paper:   Zhou et al., Towards Robust Ranker for Text Retrieval, 2022.
             https://arxiv.org/abs/2206.08063
    Code:    none published.
    Differs: queries are written or cut from documents, and their sources stand for judgements;
             retrievers have equal weights, and documents are drawn before training.
    Cost:    one encoding of the documents and one search per query and retriever; `steps` · 8
             queries of training of the ranker, each read with 16 documents, and one call of it
             per query and document; `steps` · 8 queries with 16 documents of training.

    Args:
        ranker: what the ranker starts from. None: the base model, made to read pairs.
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        retrievers: bring documents, beside BM25 and the student.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents each retriever brings to a query.
        steps: optimiser updates, of the ranker and of the student.
    """

    def fit(loss: Loss) -> loops.Fit:
        return loops.Fit(
            loss=loss,
            steps=steps,
            batch=8,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=WIDTH,
        )

    found = tuple(miners.DenseSearch(encoder=encoder, depth=depth) for encoder in retrievers)
    members: tuple[Miner, ...] = (miners.BM25(depth=depth), miners.WithStudent(depth=depth), *found)
    return Recipe(
        "r2anker_distil",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Mixture(members, count=2 * WIDTH),
            labellers.SourceIsRelevant(),
            read(
                loops.TeacherThenDistil(
                    teaching=fit(losses.ListSoftmaxCE()),
                    loop=fit(losses.KLDivergence(student_temperature=TEMPERATURE)),
                    shape=students.Reranker(training_tokens=256),
                    base=ranker,
                ),
                writer,
            ),
        ),
        judge=taught(judge),
    )
