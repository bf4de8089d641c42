"""util_anno: a language model marks the documents that helped it to an answer."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Generator
from acclimate.recipes._given import LOCAL, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe
from acclimate.tables import LogFile

PEOPLE = 0.2
"""Share of questions that people answered, where there are any."""

BATCH = 16
"""Queries of an update."""


def util_anno(
    *,
    writer: Ref[Writer] = LOCAL,
    annotator: Ref[Writer] | None = None,
    judge: Ref[Writer] | None = None,
    people: str | None = None,
    documents: int = 2_000,
    held_out: int = 200,
    depth: int = 8,
    steps: int = 300,
) -> Recipe:
    """What is of use for the answer is relevant, and it is enough to find one of it.

    Words and the student bring a list for each query. A language model picks what is relevant,
    answers from it, and ranks it by its use for that answer; the first tenth of the list is what
    the student learns to find, by the probability that it finds any of it. Who has questions that
    people answered gives them too: a fifth as many as are written, which train last.

    Rows: [001].

    Paper:   Leveraging LLMs for Utility-Focused Annotation, 2025; later Utility-Focused LLM
             Annotation, EMNLP 2025. https://arxiv.org/abs/2504.05220
    Code:    none followed.
    Differs: queries are written, and their sources are not known to be relevant; people's labels
             are of questions of their own, where the paper has both labels for one; a temperature
             for vectors of length one, where the paper has dot products and 1; updates are of 16
             queries, the paper's of 128.
    Cost:    one generation per document; three, each of 2 · `depth` documents at most, per query.

    Args:
        writer: writes the queries.
        annotator: selects, answers and ranks. None: the writer.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        people: a file of questions with answers, or with ids of documents, for a last stage; see
            generators.AnswerPairs. None: no labels by people. Paper: none, or 20 %.
        documents: how many are asked for a query.
        held_out: queries kept for the gate.
        depth: documents each search brings to a list. Paper: 16 in all.
        steps: optimiser updates. Paper: 2 epochs.
    """
    written = generators.FewShot(writer=writer, documents=documents)
    parts = (
        written if people is None else _with_people(written, people, documents),
        filters.ExactDuplicates(),
        filters.HoldOut(queries=held_out),
        miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
        labellers.Utility(writer=annotator or writer, pool=2 * depth),
        _fit(steps, 2 * depth),
    )
    last = () if people is None else (_last(steps, depth),)
    return Recipe(
        "util_anno",
        (*parts, *last),
        judge=taught(None) if judge is None else labellers.Graded(writer=judge),
    )


def _with_people(written: Generator, people: str, documents: int) -> Generator:
    """What is written, and a fifth as many questions of people."""
    return generators.Mixed(
        (written, generators.AnswerPairs(log=LogFile(people))),
        shares=(1.0, PEOPLE),
        queries=round((1 + PEOPLE) * documents),
    )


def _last(steps: int, depth: int) -> loops.Rounds:
    """Only what people answered, and the document with the answer."""
    return loops.Rounds(
        rounds=1,
        steps=(
            filters.OfKind(kinds=("answered",)),
            miners.BM25(depth=depth),
            labellers.SourceIsRelevant(),
            _fit(max(1, round(PEOPLE * steps)), depth),
        ),
    )


def _fit(steps: int, candidates: int) -> loops.Fit:
    return loops.Fit(
        loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
        steps=steps,
        batch=BATCH,
        learning_rate=3e-5,
        warmup=max(1, steps // 10),
        candidates=candidates,
    )
