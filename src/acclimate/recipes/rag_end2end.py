"""rag_end2end: documents that help to write a sentence of the domain to its end."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators
from acclimate.parts.labellers import ReaderLikelihood
from acclimate.recipes._explained import explained
from acclimate.recipes._given import taught
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe


def rag_end2end(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 8,
    steps: int = 100,
    batch: int = 16,
    rounds: int = 2,
) -> Recipe:
    """The beginning of a sentence asks; the student learns which documents tell how it ends.

    In each round the student as it is then finds documents, in an index of its new vectors, and a
    reader says how likely each makes the rest of the sentence; the student raises those that make
    it likelier than the others do. The sentence's own document is left out, and any that repeats
    what is shown: they know in the very words.

    Rows: [007].

    Paper:   RAG-end2end: Improving the Domain Adaptation of Retrieval Augmented Generation, TACL
             2023. https://arxiv.org/abs/2210.02627
    Code:    none followed.
    Differs: the retriever learns and the reader does not; the likelihood is that of the whole rest
             under each document (RAG-sequence), not token by token; questions with answers, which
             the paper mixes in, are not needed; the index is refreshed between rounds and not
             while training goes on.
    Cost:    `rounds` encodings of the documents, and a reading of `depth` documents per query in
             each; `rounds` · `steps` · `batch` queries with `depth` documents of training.

    Args:
        reader: says how likely a text is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: sentences to finish.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: how often the student searches anew.
    """
    reads = ReaderLikelihood(reader=reader, target="answer")
    copied = filters.SubstringOverlap(at_most_words=5)
    return Recipe(
        "rag_end2end",
        (
            generators.SentenceReconstruction(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            explained(reads, copied, depth=depth, steps=steps, batch=batch, rounds=rounds),
        ),
        judge=taught(judge),
    )
