"""swim_ir: questions about summaries, in many languages, and their documents in a batch."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, miners
from acclimate.recipes._contrast import in_batch
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes.recipe import Recipe


def swim_ir(
    *,
    writer: Ref[Writer] = LOCAL,
    checker: Ref[Writer] | None = None,
    judge: Ref[Writer] | None = None,
    languages: tuple[str, ...] = ("English",),
    documents: int | None = 5_000,
    held_out: int = 200,
    steps: int = 300,
    batch: int = 32,
) -> Recipe:
    """A language model summarises a document, then asks about it; the batch is the contrast.

    For documents in one language and people who ask in others: name their languages, and give a
    student that knows them. What a language model would keep from people does not train.

    Rows: [117].

    Paper:   Leveraging LLMs for Synthesizing Training Data Across Many Languages in Multilingual
             Dense Retrieval (SWIM-IR), 2023. https://arxiv.org/abs/2311.05800
    Code:    none followed.
    Differs: adapts an encoder that retrieves already; no examples are shown to the writer; a
             language model looks for sensitive queries, where the paper has a classifier;
             `held_out` queries train nothing: the gate needs them.
    Cost:    three generations per document and language; with a judge about 30 judgements per
             held-out query.

    Args:
        writer: summarises and asks.
        checker: looks for sensitive queries. None: the writer.
        judge: grades held-out pairs for the gate; another model than the writer and the checker.
            None: words and vectors of the base model.
        languages: of the questions, in words the writer knows. Paper: 33.
        documents: how many are asked about in each language. None: all.
        held_out: queries kept for the gate.
        steps: optimiser updates.
        batch: queries per update; their documents are each other's negatives.
    """
    return Recipe(
        "swim_ir",
        (
            generators.SummarizeThenAsk(writer=writer, languages=languages, documents=documents),
            filters.ExactDuplicates(),
            filters.SensitiveContent(writer=checker or writer),
            filters.HoldOut(queries=held_out),
            miners.RandomDocuments(count=1),
            labellers.SourceIsRelevant(),
            in_batch(steps=steps, batch=batch, learning_rate=2e-5),
        ),
        judge=graded(judge),
    )
