"""art: questions are all you need; a reader says which documents make them likely."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def art(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 32,
    steps: int = 100,
    rounds: int = 2,
) -> Recipe:
    """The student's distribution over what it finds becomes that of a reader of the query.

    In each round the student finds documents for every query, and a frozen reader says how likely
    each of them makes the query, per token. The student learns that whole distribution. The
    document that a query was written from is left out: it has the query's very words. No document
    is ever held for relevant or irrelevant by anyone.

    Rows: [017].

    Paper:   Sachan, Lewis, Yogatama, Zettlemoyer, Pineau, Zaheer, Questions Are All You Need to
             Train a Dense Passage Retriever, TACL 2023. https://arxiv.org/abs/2206.10658
    Code:    DevSinghSachan/art.
    Differs: queries are written or cut from documents; the student's cosines are divided by a
             temperature, where the paper divides inner products by the square root of the
             dimension; updates are of 16 queries, not 64, and the index is refreshed between rounds
             and not every 500 updates; without a language model given, a counting one reads.
    Cost:    `rounds` encodings of the documents, and a reading of 32 documents per query in each;
             `rounds` · `steps` · 16 queries with 32 documents of training.

    Args:
        reader: says how likely a query is. A counting one by default; readers.LanguageModel.
            Paper: T0-3B.
        writer: writes the queries. None: pieces of documents.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read. Paper: 32.
        steps: optimiser updates of a round.
        rounds: how often the student searches anew.
    """
    one_round = (
        miners.WithStudent(depth=depth),
        filters.WithoutSource(),
        labellers.ReaderLikelihood(reader=reader),
        loops.Fit(
            loss=losses.KLDivergence(teacher_temperature=1.0, student_temperature=TEMPERATURE),
            steps=steps,
            batch=16,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=depth,
        ),
    )
    return Recipe(
        "art",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
