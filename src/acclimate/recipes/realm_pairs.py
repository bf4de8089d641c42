"""realm_pairs: documents that help to fill in a masked name, date or number."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators
from acclimate.parts.labellers import ReaderLikelihood
from acclimate.recipes._explained import explained
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe

SUM = NGramReader(per_token=False)
"""A likelihood is of the whole answer: longer ones are less likely."""


def realm_pairs(
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
    """A masked sentence asks for what fills it; the student learns which documents know.

    A salient span of a sentence is masked. In each round the student finds documents for the
    sentence, and a frozen reader says how likely each of them makes the span; the student raises
    those that make it likelier than the others do. The document that the sentence is from is left
    out: it knows in the very words.

    Rows: [020].

    Paper:   Guu, Lee, Tung, Pasupat, Chang, REALM: Retrieval-Augmented Language Model
             Pre-Training, ICML 2020. https://arxiv.org/abs/2002.08909
    Code:    google-research/language, realm.
    Differs: the reader does not learn, and there is no document of nothing; spans are found by
             capitals and digits; the index is refreshed between rounds.
    Cost:    `rounds` encodings of the documents, and a reading of `depth` documents per query in
             each; `rounds` · `steps` · `batch` queries with `depth` documents of training.

    Args:
        reader: says how likely an answer is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: sentences to mask.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read. Paper: 8.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: how often the student searches anew.
    """
    reads = ReaderLikelihood(reader=reader, target="answer")
    return Recipe(
        "realm_pairs",
        (
            generators.SalientSpanMasks(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            explained(reads, depth=depth, steps=steps, batch=batch, rounds=rounds),
        ),
        judge=taught(judge),
    )
