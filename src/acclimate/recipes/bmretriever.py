"""bmretriever: what the documents' structure asks, then written queries and invented tasks."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import (
    drafters,
    filters,
    generators,
    labellers,
    loops,
    losses,
    miners,
    students,
)
from acclimate.recipes._contrast import in_batch
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

QUERY = "Find the documents that help with this query: "
"""The one-sentence instruction before each query."""


def bmretriever(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    documents: int = 2_000,
    pairs: int = 1_000,
    held_out: int = 200,
    depth: int = 100,
    steps: int = 200,
    batch: int = 32,
) -> Recipe:
    """A field is learned in two stages: from raw text, then from what a language model asks of it.

    First titles, headings and sentences ask for the rest of their documents, without any model;
    documents of held-out queries are left alone.
    Then a language model writes a query for some documents, and invents tasks of the field with a
    query and a document each: these documents teach, and are never found. Negatives come from the
    first results of the student. Queries stand behind a sentence that says what they are for.

    Rows: [078].

    Paper:   BMRetriever: Tuning Large Language Models as Better Biomedical Text Retrievers,
             EMNLP 2024. https://arxiv.org/abs/2404.18443
    Code:    none followed.
    Differs: no labelled sets are mixed in; an encoder of any size and its own pooling in place of
             the last token of a language model; negatives come from the student, where the paper
             has E5; queries that the student cannot lead back are left out.
    Cost:    one generation per document and per pair; two trainings of `steps` updates.

    Args:
        writer: writes the queries and invents the tasks; its longest answer must leave room for a
            task, a query and two documents.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a query.
        pairs: invented tasks.
        held_out: queries kept for the gate; none of an invented task.
        depth: results of the student from which a negative is drawn. Paper: 100.
        steps: optimiser updates of each stage.
        batch: queries per update.
    """
    raw = generators.OfTrainingDocuments(
        generator=generators.Mixed(
            (generators.StructurePairs(), generators.Titles(), generators.InverseCloze())
        )
    )
    first = loops.Cloze(loop=in_batch(steps=steps, batch=batch, learning_rate=2e-5))
    second = loops.Fit(
        loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
        steps=steps,
        batch=batch,
        learning_rate=1e-5,
        warmup=max(1, steps // 10),
        candidates=3,
    )
    relevant = labellers.SourceIsRelevant()
    return Recipe(
        "bmretriever",
        (
            students.Instructed(query=QUERY),
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.RoundTrip(depth=20),
            drafters.TaskAndPair(writer=writer, pairs=pairs),
            generators.Drafted(),
            loops.Staged(stages=((raw, miners.RandomDocuments(count=1), relevant, first),)),
            miners.RankWindow(miner=miners.WithStudent(depth=depth), skip=0, width=None, count=1),
            relevant,
            loops.WithDrafts(loop=second),
        ),
        judge=graded(judge),
    )
