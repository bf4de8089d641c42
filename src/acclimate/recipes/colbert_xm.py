"""colbert_xm: late interaction learned in one language, for all that the model has."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def colbert_xm(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 30,
    steps: int = 1_000,
    batch: int = 32,
    language: str = "en_XX",
) -> Recipe:
    """A query is to find its source before a document of like words, and among the whole batch.

    Give X-MOD, or an encoder made of it, as the student: embeddings and the adapters of languages
    stay as they are, so that what is learned from documents in one language holds in the others:
    `model.transformers_model.set_default_language("de_DE")` reads another.

    Rows: [086].

    Paper:   ColBERT-XM: A Modular Multi-Vector Representation Model for Zero-Shot Multilingual IR,
             2024. https://arxiv.org/abs/2402.15059
    Code:    ant-louis/xm-retrievers.
    Differs: queries are written or cut from documents and their sources stand for judgements; hard
             documents are BM25's; scores are means over the query's tokens, so the temperature is
             that of cosines; queries are not filled up with masks, and punctuation counts; vectors
             are not compressed.
    Cost:    `steps` · `batch` queries with 2 documents of training; no teacher call but the gate's;
             an index of a vector per token.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents BM25 finds for a query.
        steps: optimiser updates. Paper: 200,000.
        batch: queries per update. Paper: 128.
        language: of the documents, as the model names it.
    """
    return Recipe(
        "colbert_xm",
        (
            students.ModularAdapter(language=language, dimensions=128),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.BM25(depth=depth),
            labellers.SourceIsRelevant(),
            read(
                loops.Fit(
                    loss=losses.PairwiseCE(temperature=TEMPERATURE, own=2),
                    steps=steps,
                    batch=batch,
                    learning_rate=5e-6,
                    warmup=max(1, steps // 10),
                    candidates=2,
                ),
                writer,
            ),
        ),
        judge=taught(judge),
    )
