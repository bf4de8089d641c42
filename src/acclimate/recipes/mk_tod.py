"""mk_tod: what a reply says shows which record it was read from."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators
from acclimate.parts.labellers import ReaderLikelihood
from acclimate.recipes._explained import explained
from acclimate.recipes._given import taught
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe

TURNS = 4
"""Turns of a conversation that ask, at most."""


def mk_tod(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 7,
    steps: int = 100,
    batch: int = 16,
    rounds: int = 2,
) -> Recipe:
    """A conversation asks for the records after which its reply is likely; nobody labels one.

    Documents are conversations (tickets, chats) and what their replies are about: records of a
    knowledge base, manuals. In each round the student finds documents for what was said, a frozen
    reader says how likely each makes the reply, and the student raises those that explain it better
    than the documents do on the whole. The conversation itself is left out.

    Rows: [107].

    Paper:   MK-TOD: Retrieval-Generation Alignment for End-to-End Task-Oriented Dialogue, 2023.
             https://arxiv.org/abs/2310.08877
    Code:    none followed; the authors' repository holds a README.
    Differs: the reader does not learn, so that it is told nothing of a record's rank, confidence
             and words in common, the paper's meta knowledge; other conversations can be found too.
    Cost:    `rounds` encodings of the documents, and a reading of `depth` documents per query in
             each; `rounds` · `steps` · `batch` queries with `depth` documents of training.

    Args:
        reader: says how likely a reply is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: turns that ask.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: how often the student searches anew.
    """
    reads = ReaderLikelihood(reader=reader, target="reply")
    return Recipe(
        "mk_tod",
        (
            generators.ConversationTurns(per_document=4, turns=TURNS, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            explained(reads, depth=depth, steps=steps, batch=batch, rounds=rounds),
        ),
        judge=taught(judge),
    )
