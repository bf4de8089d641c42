"""silver: pairs of several poor sources, those a teacher agrees with."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Generator
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import SENTENCE, TEMPERATURE
from acclimate.recipes.recipe import Recipe
from acclimate.tables import LogFile

PERCENT = 0.95
"""Share of the source's value that another document may reach, as in NV-Retriever."""


def silver(
    *,
    teacher: Ref[Scorer] | None = None,
    pairs: str | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 20,
    shares: tuple[float, ...] = (2.0, 1.0, 1.0, 1.0),
    steps: int = 200,
    batch: int = 32,
) -> Recipe:
    """Weak labels: what authors wrote about a text, questions of a shape, sentences; then cleaned.

    Headings, questions, links and fields; titles; questions around phrases; sentences: each source
    is wrong at times. Words and the student find other documents for every query, the teacher rates
    them, and a query stays where it finds none better than the document it came with, read without
    it. Others it rates nearly as high are left out; the rest are the hard negatives. Who has a list
    of questions with answers gives it as another source.

    Rows: [104].

    Paper:   SilverRetriever: Advancing Neural Passage Retrieval for Polish Question Answering,
             2023. https://arxiv.org/abs/2309.08469
    Code:    none followed.
    Differs: sources that any corpus has for the paper's sets of pairs; a pair stays by comparison,
             not by a threshold, which would depend on the teacher.
    Cost:    one teacher call per query and candidate, 2 · `depth`; `steps` · `batch` queries with 4
             documents of training.

    Args:
        teacher: rates the pairs. None: words and vectors of the base model.
        pairs: a file of questions with answers, or with ids of documents, as another source; see
            generators.AnswerPairs. None: there is none.
        queries: how many of all sources.
        held_out: of them, kept for the gate.
        depth: documents each of two searches finds for a query.
        shares: of structures, titles, questions and sentences among the queries, and of pairs
            where there are some; without the last one these get that of the first.
        steps: optimiser updates.
        batch: queries per update.
    """
    labeller = taught(teacher)
    sources: tuple[Generator, ...] = (
        generators.StructurePairs(),
        generators.Titles(),
        generators.SpanQuestions(),
        generators.InverseCloze(at_most_words=SENTENCE),
    )
    if pairs is not None:
        sources = (*sources, generators.AnswerPairs(log=LogFile(pairs)))
        shares = (*shares, shares[0]) if len(shares) < len(sources) else shares
    return Recipe(
        "silver",
        (
            generators.Mixed(sources, shares=shares, queries=queries),
            filters.NearDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            labellers.WithoutQuery(labeller=labeller),
            filters.TeacherTop1(),
            filters.FalseNegatives(percent=PERCENT),
            loops.Cloze(
                loop=loops.Fit(
                    loss=losses.ListSoftmaxCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=4,
                )
            ),
        ),
        judge=labeller,
    )
